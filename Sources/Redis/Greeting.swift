import Ambient
import Glibc
import Reactor

/// The first words on a connection: who we are and which database we mean. Blocks its thread, not
/// beyond its time but for the resolver of the system.
struct Greeting: Sendable {
    /// Octets that are read at a time.
    private static let readOctetsMax = 4096

    private let location: RedisURL.Location
    private let commands: [(name: StaticString, arguments: [String])]
    private let timeout: Duration

    /// - Parameter asksForServer: Whether to find out which server it is, which not every user may.
    init(to url: RedisURL, within timeout: Duration, asksForServer: Bool = false) {
        location = url.location
        self.timeout = timeout
        var commands: [(name: StaticString, arguments: [String])] = []
        if let password = url.password {
            // Without a user it is the form that Redis had before it had users.
            commands.append(("AUTH", (url.user.map { [$0] } ?? []) + [password]))
        }
        if url.database != 0 { commands.append(("SELECT", ["\(url.database)"])) }
        // It is refused as long as Redis loads what it has on its disk.
        commands.append(("PING", []))
        if asksForServer { commands.append(("INFO", ["server"])) }
        self.commands = commands
    }

    /// Connects and waits until Redis has agreed to all of it, and has proved that it answers.
    func connect() throws(ConnectFailure) -> GreetedServer {
        let deadline = MonotonicTime.now + timeout
        let socket = try openAndAsk(until: deadline)
        let reader = ReplyReader()
        var server: RedisServer?
        for command in commands {
            let reply = try Self.receive(by: reader, on: socket.rawValue, until: deadline)
            switch reply {
            case .status: continue
            case .string(let info):
                guard let found = RedisServer(info: info) else { throw .malformedReply }
                server = found
            case .error(let code): throw .refused(command: "\(command.name)", code: code)
            default: throw .malformedReply
            }
        }
        return GreetedServer(socket: socket.relinquish(), server: server)
    }

    private func openAndAsk(
        until deadline: MonotonicTime
    ) throws(ConnectFailure) -> FileDescriptor {
        do {
            let socket = try open(until: deadline)
            let octets = commands.flatMap { command in
                RedisCommand(command.name, command.arguments.map { Array($0.utf8) }).octets
            }
            try BlockingSocket.send(octets, on: socket.rawValue, until: deadline)
            return socket
        } catch {
            throw ConnectFailure(error)
        }
    }

    private func open(until deadline: MonotonicTime) throws(BlockingFailure) -> FileDescriptor {
        switch location {
        case .path(let path): return try BlockingSocket.connect(path: path, until: deadline)
        case .host(let host, let port):
            let socket = try BlockingSocket.connect(host: host, port: port, until: deadline)
            // What is sent is whole, so there is nothing to wait for (tcp(7)).
            var isOn: CInt = 1
            setsockopt(
                socket.rawValue, CInt(IPPROTO_TCP), TCP_NODELAY, &isOn,
                socklen_t(MemoryLayout<CInt>.size))
            return socket
        }
    }

    private static func receive(
        by reader: ReplyReader, on socket: CInt, until deadline: MonotonicTime
    ) throws(ConnectFailure) -> RedisReply {
        while true {
            do {
                if let reply = try reader.next() { return reply }
            } catch {
                throw .malformedReply
            }
            guard socket.isReady(for: POLLIN, until: deadline) else { throw .timedOut }
            let piece = [UInt8](unsafeUninitializedCapacity: readOctetsMax) { buffer, count in
                count = max(0, recv(socket, buffer.baseAddress, buffer.count, 0))
            }
            guard !piece.isEmpty else { throw .connectionLost }
            guard piece.withUnsafeBytes(reader.feed) else { throw .malformedReply }
        }
    }
}

/// A connection on which Redis has answered.
struct GreetedServer: Sendable {
    /// A descriptor that does not block, whose owner is whoever has this.
    let socket: CInt
    /// Nil if that was not asked.
    let server: RedisServer?
}

extension ConnectFailure {
    fileprivate init(_ failure: BlockingFailure) {
        switch failure {
        case .unreachable(let reason): self = .unreachable(reason)
        case .connectionLost: self = .connectionLost
        case .timedOut: self = .timedOut
        }
    }
}
