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
        do {
            try BlockingSocket.send(head + body, on: socket.rawValue, until: deadline)
        } catch {
            throw DeliveryFailure(error)
        }
        let response = try Self.receive(
            on: socket.rawValue, until: deadline, now: wallClock.now())
        if response.isReusable { self.socket = consume socket }
        return response
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
                // Whoever always has more ready must not hold it longer.
                isEnded =
                    octets.count >= CollectorResponse.octetsMax || deadline <= .now
                    || !socket.isReady(for: POLLIN, until: deadline)
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

    private func connect(until deadline: MonotonicTime) throws(DeliveryFailure) -> FileDescriptor {
        do {
            return try BlockingSocket.connect(
                host: address.host, port: address.port, until: deadline)
        } catch {
            throw DeliveryFailure(error)
        }
    }
}

extension DeliveryFailure {
    fileprivate init(_ failure: BlockingFailure) {
        switch failure {
        case .unreachable(let reason): self = .unreachable(reason)
        case .connectionLost: self = .connectionLost
        case .timedOut: self = .timedOut
        }
    }
}
