import LogTesting
import RedisTesting
import Testing

@testable import Redis

@Suite("Which Redis it is")
struct RedisServerTests {
    private static let runID = String(repeating: "0123456789", count: 4)

    @Test(
        arguments: [
            ("# Server\r\nredis_version:7.0.15\r\nrun_id:\(runID)\r\ntcp_port:0\r\n", runID),
            ("run_id:\(runID)", runID), ("run_id:\(runID)0", nil),
            ("run_id:\(runID.dropLast())", nil),
            ("run_id:\(runID.dropLast())G", nil), ("old_run_id:\(runID)", nil), ("", nil),
        ] as [(String, String?)])
    func `its own words tell`(info: String, expected: String?) {
        let server = RedisServer(info: Array(info.utf8))
        #expect(server?.runID == expected.map { Array($0.utf8) })
    }

    @Test func `a command is made for the one that executes it`() async throws {
        try await withTestRedis { redis in
            var configuration = RedisConfiguration.patient
            configuration.asksForServer = true
            try await withClient(of: redis.url, configuration) { fixture in
                await fixture.becomeConnected()
                let first = try await fixture.namedServer()
                #expect(try await fixture.namedServer() == first)
                redis.kill()
                while await fixture.run("PING") == .success(.status("PONG")) {}
                try redis.restart()
                await fixture.becomeConnected()
                #expect(try await fixture.namedServer() != first)
            }
        }
    }

    @Test func `nobody is asked who does not say which it is`() async throws {
        try await withTestRedis { redis in
            try await withClient(of: redis.url) { fixture in
                await fixture.becomeConnected()
                await #expect(throws: RedisError.notConnected) { try await fixture.namedServer() }
            }
        }
    }

    @Test func `one that does not say it is not used, and the log tells why`() async throws {
        let fake = FakeRedis { _, connection in
            connection.receive()
            connection.send("+PONG\r\n-NOPERM this user has no permissions\r\n")
            connection.receiveAll()
        }
        defer { fake.close() }
        var configuration = RedisConfiguration.patient
        configuration.asksForServer = true
        try await withClient(of: fake.url, configuration) { fixture in
            while fixture.lines.all.isEmpty { await fixture.turn() }
            #expect(fixture.lines.all == ["Redis out of use: INFO was refused with NOPERM"])
            #expect(fixture.value("redis_connections", "up") == 0)
        }
    }
}

extension ClientFixture {
    /// The name of the server that executes a command, as that command says it.
    fileprivate func namedServer() async throws -> RedisReply {
        try await client.run(
            forServer: { RedisCommand("ECHO", [$0.runID]) }, reading: { $0 })
    }
}
