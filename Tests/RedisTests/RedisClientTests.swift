import Ambient
import LogTesting
import Redis
import RedisTesting
import Testing

@Suite("A client of Redis")
struct RedisClientTests {
    @Test func `answers come to those who asked`() async throws {
        try await withTestRedis { redis in
            try await withClient(of: redis.url) { fixture in
                await fixture.becomeConnected()
                #expect(await fixture.run("SET", "key", "a\r\nb") == .success(.status("OK")))
                #expect(await fixture.run("GET", "key") == .success(.string(Array("a\r\nb".utf8))))
                #expect(await fixture.run("GET", "none") == .success(.null))
                #expect(await fixture.run("INCR", "key") == .failure(.refused("ERR")))
                #expect(
                    await fixture.run("EVAL", "return {1, 'a'}", "0")
                        == .success(.list([.integer(1), .string(Array("a".utf8))])))
            }
        }
    }

    @Test func `many at once get each his own`() async throws {
        try await withTestRedis { redis in
            try await withClient(of: redis.url) { fixture in
                await fixture.becomeConnected()
                let wrong = await withTaskGroup(of: Bool.self) { group in
                    for number in 0..<1000 {
                        group.addTask {
                            await fixture.run("ECHO", "\(number)")
                                != .success(.string(Array("\(number)".utf8)))
                        }
                    }
                    return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
                }
                #expect(wrong == 0)
            }
        }
    }

    @Test func `a large command leaves in pieces`() async throws {
        try await withTestRedis { redis in
            try await withClient(of: redis.url) { fixture in
                await fixture.becomeConnected()
                let value = String(repeating: "x", count: 1_000_000)
                #expect(await fixture.run("SET", "key", value) == .success(.status("OK")))
                #expect(await fixture.run("STRLEN", "key") == .success(.integer(1_000_000)))
            }
        }
    }

    @Test func `user, password and database are those of the address`() async throws {
        let users = "--user limits on >s@cret ~* +@all --user default off"
        try await withTestRedis(users.split(separator: " ").map(String.init)) { redis in
            let url = redis.url.replacing("unix://", with: "unix://limits:s%40cret@") + "?db=3"
            try await withClient(of: url) { fixture in
                await fixture.becomeConnected()
                #expect(
                    await fixture.run("ACL", "WHOAMI") == .success(.string(Array("limits".utf8))))
                guard case .success(.string(let octets)) = await fixture.run("CLIENT", "INFO")
                else { throw UnexpectedAnswer() }
                #expect(String(decoding: octets, as: UTF8.self).contains(" db=3 "))
            }
        }
    }

    @Test func `a wrong password is told of without it`() async throws {
        try await withTestRedis(["--requirepass", "right"]) { redis in
            let url = redis.url.replacing("unix://", with: "unix://:hunter2@")
            try await withClient(of: url) { fixture in
                while fixture.value("redis_connect_failures_total") ?? 0 < 9 {
                    #expect(await fixture.run("PING") == .failure(.notConnected))
                    await fixture.turn()
                }
                #expect(fixture.lines.all.count == 1)
                #expect(!fixture.lines.all.joined().contains("hunter2"))
            }
        }
    }

    @Test func `a Redis that was killed is used again when it is back, empty`() async throws {
        try await withTestRedis { redis in
            try await withClient(of: redis.url) { fixture in
                await fixture.becomeConnected()
                #expect(await fixture.run("SET", "key", "1") == .success(.status("OK")))
                let before = fixture.lines.all.count
                redis.kill()
                while await fixture.run("PING") != .failure(.notConnected) {}
                while fixture.lines.all.count == before {
                    #expect(await fixture.run("PING") == .failure(.notConnected))
                }
                #expect(fixture.value("redis_connections", "up") == 0)
                #expect(fixture.value("redis_connections", "down") == 1)
                try redis.restart()
                await fixture.becomeConnected()
                #expect(await fixture.run("GET", "key") == .success(.null))
                #expect(
                    fixture.lines.all.suffix(2) == [
                        "Redis out of use: connect: No such file or directory",
                        "Redis in use again",
                    ])
                #expect(fixture.value("redis_reconnects_total") == 1)
                #expect(fixture.value("redis_connections", "up") == 1)
            }
        }
    }

    @Test func `a Redis that refuses everything is out of use`() async throws {
        let users = "--user default on nopass ~* -@all +ping"
        var configuration = RedisConfiguration.patient
        configuration.outageAfter = .milliseconds(1)
        try await withTestRedis(users.split(separator: " ").map(String.init)) { redis in
            try await withClient(of: redis.url, configuration) { fixture in
                await fixture.becomeConnected()
                let before = fixture.lines.all.count
                while fixture.lines.all.count == before {
                    #expect(await fixture.run("GET", "key") == .failure(.refused("NOPERM")))
                }
                #expect(
                    fixture.lines.all.last
                        == "Redis out of use: a command was refused with NOPERM")
            }
        }
    }

    @Test func `a Redis that is held keeps nobody waiting for long`() async throws {
        var configuration = RedisConfiguration.patient
        configuration.commandTimeout = .milliseconds(50)
        configuration.connectTimeout = .milliseconds(200)
        configuration.silenceMax = .milliseconds(200)
        try await withTestRedis { redis in
            try await withClient(of: redis.url, configuration) { fixture in
                await fixture.becomeConnected()
                redis.hold()
                while await fixture.run("PING") != .failure(.timedOut) {}
                // A busy machine may have given the connection up by now.
                let next = await fixture.run("PING")
                #expect(next == .failure(.inDoubt) || next == .failure(.notConnected))
                while await fixture.run("PING") != .failure(.notConnected) {}
                redis.resume()
                await fixture.becomeConnected()
                #expect(fixture.value("redis_commands_total", "not_connected") != 0)
            }
        }
    }

    @Test func `a Redis that was slow is in use again though nobody asks it anything`()
        async throws
    {
        var configuration = RedisConfiguration.patient
        configuration.commandTimeout = .milliseconds(50)
        configuration.outageAfter = .milliseconds(50)
        configuration.probeInterval = .milliseconds(10)
        // It keeps its connection, so no new one tells that it is back.
        configuration.silenceMax = .seconds(600)
        try await withTestRedis { redis in
            try await withClient(of: redis.url, configuration) { fixture in
                await fixture.becomeConnected()
                redis.hold()
                while fixture.lines.all.last?.hasPrefix("Redis out of use: ") != true {
                    _ = await fixture.run("PING")
                }
                redis.resume()
                while fixture.lines.all.last != "Redis in use again" { await fixture.turn() }
                #expect(fixture.value("redis_reconnects_total") == 0)
            }
        }
    }

    @Test func `a closed client answers everybody`() async throws {
        let fake = FakeRedis { _, connection in
            connection.greet()
            connection.receiveAll()
        }
        defer { fake.close() }
        try await withClient(of: fake.url) { fixture in
            await fixture.becomeUp()
            async let answer = fixture.run("PING")
            await fixture.client.close()
            #expect([.failure(.connectionLost), .failure(.notConnected)].contains(await answer))
            #expect(await fixture.run("PING") == .failure(.notConnected))
        }
    }
}

private struct UnexpectedAnswer: Error {}
