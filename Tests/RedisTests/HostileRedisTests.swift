import Ambient
import Glibc
import LogTesting
import Redis
import RedisTesting
import Testing

@Suite("Something else than a Redis")
struct HostileRedisTests {
    /// Plays `script` to the first connection and a Redis that says 7 to all others, and returns
    /// how a command ended on the first one, and after that.
    private func ends(
        timeout: Duration = .seconds(600),
        _ script: @escaping @Sendable (FakeConnection) -> Void
    ) async throws -> [Result<RedisReply, RedisError>] {
        let fake = FakeRedis { index, connection in
            connection.greet()
            guard index > 0 else { return script(connection) }
            while !connection.receive().isEmpty { connection.send(":7\r\n") }
        }
        defer { fake.close() }
        var configuration = RedisConfiguration.patient
        configuration.commandTimeout = timeout
        configuration.silenceMax = .milliseconds(20)
        var ends: [Result<RedisReply, RedisError>] = []
        try await withClient(of: fake.url, configuration) { fixture in
            await fixture.becomeUp()
            ends.append(await fixture.run("GET", "key"))
            while await fixture.run("GET", "key") != .success(.integer(7)) {}
            ends.append(await fixture.run("GET", "key"))
        }
        return ends
    }

    @Test(arguments: [
        "HTTP/1.1 400 Bad Request\r\n\r\n", "*2147483647\r\n", "*1\r\n*1\r\n:1\r\n", "\u{0}\u{1}",
        "$-9\r\n", "$4\r\nabcdef\r\n",
    ])
    func `that talks nonsense is left`(text: String) async throws {
        let ends = try await ends { connection in
            connection.receive()
            connection.send(text)
            connection.receiveAll()
        }
        // What follows a string of the wrong length is nonsense only to whoever reads on.
        #expect(
            ends[0] == .failure(.connectionLost)
                || text.hasPrefix("$4") && ends[0] == .success(.string(Array("abcd".utf8))))
        #expect(ends[1] == .success(.integer(7)))
    }

    @Test func `that says more than it was asked is left`() async throws {
        let ends = try await ends { connection in
            connection.receive()
            connection.send(":1\r\n:2\r\n")
            connection.receiveAll()
        }
        #expect(ends == [.success(.integer(1)), .success(.integer(7))])
    }

    @Test func `that sends without end is left`() async throws {
        let ends = try await ends { connection in
            connection.receive()
            connection.send("$1000000000\r\n" + String(repeating: "a", count: 8_000_000))
            // Only the client's leaving ends it.
            connection.receiveAll()
        }
        #expect(ends == [.failure(.connectionLost), .success(.integer(7))])
    }

    @Test func `that leaves in the middle of an answer is a loss`() async throws {
        let ends = try await ends { connection in
            connection.receive()
            connection.send("$10\r\nabc")
        }
        #expect(ends == [.failure(.connectionLost), .success(.integer(7))])
    }

    @Test func `that never answers is waited for once`() async throws {
        let ends = try await ends(timeout: .milliseconds(20)) { $0.receiveAll() }
        #expect(ends == [.failure(.timedOut), .success(.integer(7))])
    }

    @Test func `that answers late answers nobody`() async throws {
        let fake = FakeRedis { _, connection in
            connection.greet()
            // The second command comes after the first one is overdue, or not at all.
            var number = 0
            while !connection.receive().isEmpty {
                number += 1
                if number == 1 { usleep(30_000) }
                connection.send(":\(number)\r\n")
            }
        }
        defer { fake.close() }
        var configuration = RedisConfiguration.patient
        configuration.commandTimeout = .milliseconds(10)
        try await withClient(of: fake.url, configuration) { fixture in
            await fixture.becomeUp()
            #expect(await fixture.run("GET", "a") == .failure(.timedOut))
            var second = await fixture.run("GET", "b")
            while second == .failure(.inDoubt) { second = await fixture.run("GET", "b") }
            #expect(second == .success(.integer(2)))
        }
    }

    @Test(arguments: ["-NOAUTH Authentication required.\r\n", "$4\r\nPONG\r\n", "garbage", ""])
    func `that does not greet is no connection`(text: String) async throws {
        let fake = FakeRedis { _, connection in
            connection.receive()
            connection.send(text)
        }
        defer { fake.close() }
        try await withClient(of: fake.url) { fixture in
            // The failure is counted first, and told then.
            while fixture.lines.all.isEmpty {
                #expect(await fixture.run("PING") == .failure(.notConnected))
            }
            #expect(fixture.lines.all.count == 1)
            #expect(fixture.value("redis_connect_failures_total") ?? 0 > 0)
        }
    }
}
