import Ambient
import Testing
import Users

@testable import UsersRedis

@Suite("Users in octets")
struct UserEntryTests {
    @Test(arguments: [Sample.bareUser, Sample.fullUser])
    func `a user comes back as it went in`(user: User) throws {
        let octets = try #require(UserEntry.octets(of: user))
        #expect(UserEntry.user(withID: user.id, in: octets) == user)
    }

    @Test func `entries have the form that their mark says`() throws {
        var expected = Array("U".utf8) + [0]
        expected += [0x01, 0x90, 0xb6, 0xc5, 0x5b, 0x1e, 0x7c, 0xc3, 0x80, 0, 0, 0, 0, 0, 0, 1]
        expected += [0, 0, 0, 0, 0, 0, 0, 7]
        expected += [0, 0, 0, 0, 0, 0, 1, 0] + [0, 0, 0, 0, 0, 0, 2, 0]
        for text in ["A@b.example", "a@b.example", "A"] {
            expected += [0, 0, 0, UInt8(text.utf8.count)] + Array(text.utf8)
        }
        expected += [1, 0, 0, 0, 6] + Array("member".utf8)
        expected += [0, 0, 0, 2] + Array("{}".utf8) + [0, 0, 0, 2] + Array("{}".utf8)
        #expect(UserEntry.octets(of: Sample.bareUser) == expected)
    }

    @Test func `whatever is cut off, longer, or another user's is none`() throws {
        let user = Sample.fullUser
        let octets = try #require(UserEntry.octets(of: user))
        for count in octets.indices {
            #expect(UserEntry.user(withID: user.id, in: Array(octets.prefix(count))) == nil)
        }
        #expect(UserEntry.user(withID: user.id, in: octets + [0]) == nil)
        #expect(UserEntry.user(withID: Sample.bareUser.id, in: octets) == nil)
    }

    /// The offsets are those of the entry of ``Sample/bareUser``.
    @Test(
        arguments: [
            ("another mark", 0, [UInt8(ascii: "L")]), ("a flag that is none", 1, [0x40]),
            ("a version of 0", 25, [0]), ("a length beyond the end", 42, [0xff, 0xff, 0xff, 0xff]),
            ("octets that are no UTF-8", 46, [0xff]), ("17 roles", 81, [17]),
            ("a role that is none", 86, [UInt8(ascii: "M")]),
            ("metadata that are no object", 96, Array("[]".utf8)),
            ("metadata that are no JSON", 96, Array("}{".utf8)),
        ] as [(String, Int, [UInt8])])
    func `what somebody else has written is none`(
        name: String, offset: Int, replacement: [UInt8]
    ) throws {
        var octets = try #require(UserEntry.octets(of: Sample.bareUser))
        octets.replaceSubrange(offset..<offset + replacement.count, with: replacement)
        #expect(UserEntry.user(withID: Sample.bareUser.id, in: octets) == nil, "\(name)")
    }

    @Test func `any octet may be any other without a trap`() throws {
        let user = Sample.fullUser
        let octets = try #require(UserEntry.octets(of: user))
        let random = Entropy.seeded(8)
        for index in octets.indices {
            var changed = octets
            changed[index] = UInt8(truncatingIfNeeded: random.next())
            _ = UserEntry.user(withID: user.id, in: changed)
        }
    }

    @Test func `a user who is deleted or too large has no entry`() {
        var user = Sample.bareUser
        user.deletedAt = user.createdAt
        #expect(UserEntry.octets(of: user) == nil)
        user = Sample.bareUser
        let text = #"{"a": ""# + String(repeating: "x", count: 64 * 1024) + #""}"#
        user.metadata = Metadata(trusted: Array(text.utf8))
        #expect(UserEntry.octets(of: user) == nil)
    }
}
