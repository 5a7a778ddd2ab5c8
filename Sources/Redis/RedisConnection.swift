import Glibc
import Reactor

/// An open connection: its socket and what is half sent or half read. Touched on its loop's thread
/// only.
final class RedisConnection {
    let slot: SlotID
    /// Nil if that was not asked.
    let server: RedisServer?
    let reader = ReplyReader()
    /// What is not sent yet.
    var unsent: [UInt8] = []
    /// The socket takes no more, and somebody waits until it does.
    var isWriteBlocked = false
    private let loop: EventLoop
    private let socket: FileDescriptor

    /// Watches a connected socket that does not block; nil if the loop cannot.
    init?(
        _ socket: consuming FileDescriptor, to server: RedisServer?, on loop: EventLoop
    ) {
        guard let slot = try? loop.register(socket.rawValue) else { return nil }
        self.slot = slot
        self.server = server
        self.loop = loop
        self.socket = socket
    }

    /// Sends what the socket takes. A broken one shows at the next read.
    /// - Returns: false when there is more, which is to be sent when it takes more.
    func send() -> Bool {
        while !unsent.isEmpty {
            let count = unsent.withUnsafeBytes {
                Glibc.send(socket.rawValue, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL))
            }
            if count >= 0 {
                unsent.removeFirst(count)
            } else if errno != EINTR {
                guard errno == EAGAIN else { return true }
                loop.writingExhausted(slot)
                isWriteBlocked = true
                return false
            }
        }
        return true
    }

    /// Feeds the reader with what has come.
    /// - Parameter buffer: Room for what is read at a time.
    /// - Returns: false at the end of the stream, and if more comes than an answer may have.
    func receive(into buffer: UnsafeMutableRawBufferPointer) -> Bool {
        while true {
            let count = recv(socket.rawValue, buffer.baseAddress, buffer.count, 0)
            if count > 0 {
                guard reader.feed(UnsafeRawBufferPointer(rebasing: buffer[..<count])) else {
                    return false
                }
                // There may be more: the next wait ends at once.
                return count == buffer.count || loop.readingExhausted(slot)
            }
            if count < 0, errno == EINTR { continue }
            guard count < 0, errno == EAGAIN else { return false }
            return loop.readingExhausted(slot)
        }
    }
}
