import Ambient
import Glibc
import Reactor

/// A connection to a collector, which is opened when it is needed and kept for the next batch.
///
/// It blocks its thread, each exchange for no longer than its deadline; only the resolver of the
/// system, getaddrinfo(3), has time limits of its own.
struct CollectorConnection: ~Copyable {
    /// Octets that are read at a time.
    private static let readOctetsMax = 16 * 1024

    private let address: CollectorAddress
    private let wallClock: WallClock
    private let headFields: String
    private var socket: FileDescriptor?

    /// - Parameter userAgent: Who sends, as `User-Agent` says it.
    init(to address: CollectorAddress, userAgent: String, wallClock: WallClock) {
        self.address = address
        self.wallClock = wallClock
        headFields = """
            POST \(address.path) HTTP/1.1\r
            Host: \(address.authority)\r
            User-Agent: \(userAgent)\r
            Content-Type: application/json\r
            Content-Length: 
            """
    }

    /// Posts a body and reads the answer.
    mutating func post(
        _ body: [UInt8], until deadline: MonotonicTime
    ) throws(DeliveryFailure) -> CollectorResponse {
        if let kept = socket.take(), !kept.rawValue.isReady(for: POLLIN, until: .now) {
            // The collector may close a connection that it has not used for a while at any time.
            do throws(DeliveryFailure) {
                return try exchange(body, on: kept, until: deadline)
            } catch .connectionLost {}
        }
        return try exchange(body, on: try connect(until: deadline), until: deadline)
    }

    private mutating func exchange(
        _ body: [UInt8], on socket: consuming FileDescriptor, until deadline: MonotonicTime
    ) throws(DeliveryFailure) -> CollectorResponse {
        let head = Array("\(headFields)\(body.count)\r\n\r\n".utf8)
        try Self.send(head + body, on: socket.rawValue, until: deadline)
        let response = try Self.receive(
            on: socket.rawValue, until: deadline, now: wallClock.now())
        if response.isReusable { self.socket = consume socket }
        return response
    }

    private static func send(
        _ octets: [UInt8], on socket: CInt, until deadline: MonotonicTime
    ) throws(DeliveryFailure) {
        var sentCount = 0
        while sentCount < octets.count {
            let count = octets[sentCount...].withUnsafeBytes {
                Glibc.send(socket, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL))
            }
            if count >= 0 {
                sentCount += count
            } else {
                guard errno == EAGAIN || errno == EINTR else { throw .connectionLost }
                guard socket.isReady(for: POLLOUT, until: deadline) else { throw .timedOut }
            }
        }
    }

    /// Reads a response. Once its status is there, that counts, however the rest ends.
    private static func receive(
        on socket: CInt, until deadline: MonotonicTime, now: Timestamp
    ) throws(DeliveryFailure) -> CollectorResponse {
        var octets: [UInt8] = []
        var isEnded = false
        while true {
            switch CollectorResponse.read(octets, isEnded: isEnded, now: now) {
            case .complete(let response): return response
            case .malformed where !isEnded: throw .malformedResponse
            case .malformed: throw deadline <= .now ? .timedOut : .connectionLost
            case .incomplete:
                isEnded =
                    !socket.isReady(for: POLLIN, until: deadline)
                    || !receivePiece(of: &octets, on: socket)
            }
        }
    }

    /// Reads what is there; false at the end of the stream.
    private static func receivePiece(of octets: inout [UInt8], on socket: CInt) -> Bool {
        let piece = [UInt8](unsafeUninitializedCapacity: readOctetsMax) { buffer, count in
            count = recv(socket, buffer.baseAddress, buffer.count, 0)
            if count < 0 { count = 0 }
        }
        octets += piece
        return !piece.isEmpty
    }

    /// Connects to the first address of the collector that takes a connection.
    private func connect(until deadline: MonotonicTime) throws(DeliveryFailure) -> FileDescriptor {
        var hints = addrinfo()
        hints.ai_flags = AI_NUMERICSERV
        hints.ai_socktype = CInt(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(address.host, String(address.port), &hints, &found)
        guard code == 0 else { throw .unreachable(String(cString: gai_strerror(code))) }
        defer { freeaddrinfo(found) }
        var failure = DeliveryFailure.timedOut
        var next = found
        while let candidate = next?.pointee, deadline > .now {
            do throws(DeliveryFailure) {
                return try Self.connect(to: candidate, until: deadline)
            } catch {
                failure = error
            }
            next = candidate.ai_next
        }
        throw failure
    }

    private static func connect(
        to address: addrinfo, until deadline: MonotonicTime
    ) throws(DeliveryFailure) -> FileDescriptor {
        let type = SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue
        let number = Glibc.socket(address.ai_family, CInt(type), 0)
        guard number >= 0 else { throw .unreachable("\(SystemError(call: "socket"))") }
        let socket = FileDescriptor(owning: number)
        if Glibc.connect(number, address.ai_addr, address.ai_addrlen) != 0 {
            guard errno == EINPROGRESS || errno == EINTR else {
                throw .unreachable("\(SystemError(call: "connect"))")
            }
            guard number.isReady(for: POLLOUT, until: deadline) else { throw .timedOut }
            var code: CInt = 0
            var size = socklen_t(MemoryLayout<CInt>.size)
            getsockopt(number, SOL_SOCKET, SO_ERROR, &code, &size)
            guard code == 0 else {
                throw .unreachable("\(SystemError(call: "connect", code: code))")
            }
        }
        return socket
    }
}
