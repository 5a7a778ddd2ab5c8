import Testing

@testable import Redis

@Suite("Replies of Redis")
struct ReplyReaderTests {
    /// Every reply in `text`, fed in pieces of so many octets; nil at the end if it is malformed.
    private static func replies(in text: String, by size: Int) -> [RedisReply?] {
        let reader = ReplyReader()
        var replies: [RedisReply?] = []
        var rest = Array(text.utf8)[...]
        do {
            while !rest.isEmpty {
                let piece = Array(rest.prefix(size))
                rest = rest.dropFirst(size)
                guard piece.withUnsafeBytes(reader.feed) else { return replies + [nil] }
                while let reply = try reader.next() { replies.append(reply) }
            }
        } catch {
            replies.append(nil)
        }
        return replies
    }

    private static let conversation =
        "+OK\r\n:-12\r\n$5\r\na\r\nb \r\n$-1\r\n*3\r\n:1\r\n$0\r\n\r\n:2\r\n*0\r\n"
        + "-NOSCRIPT No matching script.\r\n-ERR 'secret'\r\n-hunter2\r\n"

    @Test(arguments: [1, 2, 3, 7, 1000])
    func `are the same however they are cut`(size: Int) {
        #expect(
            Self.replies(in: Self.conversation, by: size) == [
                .status("OK"), .integer(-12), .string(Array("a\r\nb ".utf8)), .null,
                .list([.integer(1), .string([]), .integer(2)]), .list([]), .error("NOSCRIPT"),
                .error("ERR"), .error("ERR"),
            ])
    }

    @Test(arguments: [
        "HTTP/1.1 400 Bad Request\r\n", "$-5\r\n", "$99999999999999999999\r\n", ":12x\r\n",
        "*17\r\n", "*2147483647\r\n", "*99999999999\r\n", "*1\r\n*1\r\n:1\r\n", "\u{0}", "$x\r\n",
    ])
    func `that are none are malformed`(text: String) {
        #expect(Self.replies(in: text, by: 1000) == [nil])
    }

    @Test func `take no more room than they may`() {
        let size = ReplyReader.octetsMax
        let large = "$\(size)\r\n" + String(repeating: "a", count: size)
        #expect(Self.replies(in: large, by: 4096) == [nil])
        let endless = ":1" + String(repeating: "1", count: size)
        #expect(Self.replies(in: endless, by: 4096) == [nil])
        let half = "$\(size / 2)\r\n" + String(repeating: "a", count: size / 2) + "\r\n"
        #expect(Self.replies(in: "*16\r\n" + half + half + half, by: 4096) == [nil])
        #expect(Self.replies(in: half + half + half, by: 4096).contains(nil) == false)
        let fitting = String(repeating: "a", count: size / 2)
        #expect(
            Self.replies(in: "$\(size / 2)\r\n\(fitting)\r\n:1\r\n", by: 4096)
                == [.string(Array(fitting.utf8)), .integer(1)])
    }

    @Test func `the length before a string says where it ends`() {
        let command = RedisCommand("SET", [Array("a\r\n$3".utf8), []])
        #expect(
            String(decoding: command.octets, as: UTF8.self)
                == "*3\r\n$3\r\nSET\r\n$5\r\na\r\n$3\r\n$0\r\n\r\n")
    }

    @Test func `random octets are a reply, incomplete or malformed, and never a trap`() {
        var state: UInt64 = 0x2545_F491_4F6C_DD1D
        func next() -> UInt64 {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return state
        }
        let alphabet = Array("+-:$*0123456789\r\n\r\nab".utf8)
        for _ in 0..<5000 {
            let text = (0..<(next() % 40)).map { _ in alphabet[Int(next() % UInt64(alphabet.count))]
            }
            let whole = Self.replies(in: String(decoding: text, as: UTF8.self), by: 1000)
            let single = Self.replies(in: String(decoding: text, as: UTF8.self), by: 1)
            #expect(whole == single)
        }
    }
}
