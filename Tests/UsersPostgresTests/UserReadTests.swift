import Glibc
import InMemoryTracing
import Postgres
import PostgresTesting
import Reactor
import Testing
import Tracing
import Users
import UsersPostgres
import UsersTesting

/// Reads that share a statement look to each caller as if he were alone.
@Suite("Users who are read together", .timeLimit(.minutes(20)))
struct UserReadTests {
    /// Longer than a reader waits until he finds the server slow.
    private static let moreThanPatience = Duration.milliseconds(200)

    /// Registers `count` users.
    private func users(_ count: Int, in repository: TestRepository) async throws -> [User] {
        var users: [User] = []
        for index in 0..<count {
            let user = try Sample.bareUser(index + 2)
            users.append(try await repository.users.insert(user, passwordHash: nil))
        }
        return users
    }

    /// Asks for all of `ids` at the same time.
    private func read(
        _ ids: [UserID], in repository: TestRepository
    ) async -> [Result<User?, UserError>] {
        await withTaskGroup { group in
            for (index, id) in ids.enumerated() {
                group.addTask { () -> (Int, Result<User?, UserError>) in
                    do throws(UserError) {
                        return (index, .success(try await repository.users.user(withID: id)))
                    } catch {
                        return (index, .failure(error))
                    }
                }
            }
            var results: [Int: Result<User?, UserError>] = [:]
            for await (index, result) in group { results[index] = result }
            return ids.indices.compactMap { results[$0] }
        }
    }

    /// Has reads come together until another connection has been opened for them.
    private func share(_ users: [User], in repository: TestRepository) async {
        // It waits for the first one.
        _ = await read(users.prefix(1).map(\.id), in: repository)
        let before = await repository.pool.statistics.connects
        while await repository.pool.statistics.connects == before {
            _ = await read(users.map(\.id), in: repository)
        }
    }

    @Test func `each is told of the user he asked for, in fewer statements`() async throws {
        try await withRepository { repository in
            let users = try await users(20, in: repository)
            let nobody = try Sample.bareUser().id
            // Some are asked for by several, some are not there, and there are more than fit into
            // one statement.
            let asked = (0..<400).map { $0 % 7 == 0 ? nobody : users[$0 * 13 % users.count].id }
            let before = await repository.pool.statistics.traffic.queries
            let results = await read(asked, in: repository)
            let queries = await repository.pool.statistics.traffic.queries - before
            #expect(queries < 200, "\(queries) statements were sent for 400 reads.")
            for (id, result) in zip(asked, results) {
                #expect(try result.get() == users.first { $0.id == id })
            }
        }
    }

    @Test func `a user who was deleted is told of to nobody`() async throws {
        try await withRepository { repository in
            let users = try await users(4, in: repository)
            _ = try await repository.users.markDeleted(
                users[1].id, expecting: nil, at: Sample.time)
            let results = try await read(users.map(\.id), in: repository).map { try $0.get() }
            #expect(results == [users[0], nil, users[2], users[3]])
        }
    }

    @Test func `a row that cannot be read is an error of whoever asked for it`() async throws {
        try await withRepository { repository in
            let users = try await users(8, in: repository)
            let connection = try repository.database.connect()
            try connection.execute("ALTER TABLE users DROP CONSTRAINT users_status_known")
            _ = try connection.query(
                "UPDATE users SET status = 'neither' WHERE id = $1::uuid",
                ["\(users[3].id.uuid)"])
            for (index, result) in await read(users.map(\.id), in: repository).enumerated() {
                switch result {
                case .success(let user): #expect(user == users[index] && index != 3)
                case .failure(let error): #expect(error.kind == "corrupt" && index == 3)
                }
            }
        }
    }

    /// All find rows that cannot be read, but for one, who finds nothing.
    @Test(arguments: [true, false])
    func `every span of a read ends, and tells of its error`(isShared: Bool) async throws {
        let tracer = InMemoryTracer()
        let settings = ["search_path=public,pg_catalog"]
        try await withRepository(settings: settings, tracer: DatabaseTracer(tracer)) { repository in
            let users = try await users(8, in: repository)
            let connection = try repository.database.connect()
            try connection.execute("ALTER TABLE users DROP CONSTRAINT users_status_known")
            try connection.execute("UPDATE users SET status = 'neither'")
            if !isShared { try repository.refuseSharedReads() }
            let asked = users.map(\.id) + [try Sample.bareUser().id]
            let request = tracer.startSpan("request", context: .topLevel)
            await InstrumentationContext.withValue(request.context) {
                _ = await read(asked, in: repository)
            }
            request.end()
            #expect(tracer.activeSpans.isEmpty)
            let spans = tracer.popFinishedSpans().filter { $0.operationName == "users_by_id" }
            #expect(spans.count >= asked.count)
            // Whoever leads has the span of a statement, in which nothing failed.
            #expect(!isShared || spans.contains { $0.status?.code == .error })
        }
    }

    @Test func `a shared statement that the server refuses is repeated for each`() async throws {
        try await withRepository(settings: ["search_path=public,pg_catalog"]) { repository in
            let users = try await users(8, in: repository)
            try repository.refuseSharedReads()
            let before = await repository.pool.statistics.traffic.queries
            let results = try await read(users.map(\.id), in: repository).map { try $0.get() }
            #expect(results == users)
            let queries = await repository.pool.statistics.traffic.queries - before
            #expect(queries > users.count, "Nothing was shared.")
        }
    }

    @Test func `a connection that is lost is told to each of whom it carried`() async throws {
        try await withTestDatabase { database in
            try await withRepository(on: database) { repository in
                let users = try await users(9, in: repository)
                let rival = try database.connect()
                try rival.execute("BEGIN; LOCK TABLE users")
                async let first = read([users[0].id], in: repository)
                try await repository.waitForBlockedSessions()
                // They ask while the first is read, and are read together when he has been told.
                async let others = read(users.dropFirst().map(\.id), in: repository)
                let before = await repository.pool.statistics.traffic.queries
                try await repository.endBlockedSession()
                #expect(await first.allSatisfy { $0.isOfAbsence })
                while await repository.pool.statistics.traffic.queries == before {
                    await Task.yield()
                }
                try await repository.endBlockedSession()
                #expect(await others.allSatisfy { $0.isOfAbsence })
                try rival.execute("ROLLBACK")
                let results = try await read(users.map(\.id), in: repository).map { try $0.get() }
                #expect(results == users)
            }
        }
    }

    @Test func `beside a connection that is dead another one is read over`() async throws {
        try await withTestDatabase { database in
            try await withRepository(on: database) { repository in
                let users = try await users(9, in: repository)
                await share(users, in: repository)
                let rival = try database.connect()
                try rival.execute("BEGIN; LOCK TABLE users")
                async let first = read([users[0].id], in: repository)
                let backends = try await repository.waitForBlockedSessions()
                // Until it goes on, other tests' databases wait to be dropped.
                for backend in backends { #expect(kill(backend, SIGSTOP) == 0) }
                defer { for backend in backends { kill(backend, SIGCONT) } }
                try rival.execute("ROLLBACK")
                await repository.pool.loop.sleep(for: Self.moreThanPatience)
                let others = Array(users.dropFirst())
                let results = try await read(others.map(\.id), in: repository).map { try $0.get() }
                #expect(results == others)
                for backend in backends { #expect(kill(backend, SIGCONT) == 0) }
                #expect(try await first.first?.get() == users[0])
            }
        }
    }

    @Test func `while the server is slow, one more than may wait is refused`() async throws {
        try await withTestDatabase { database in
            try await withRepository(on: database) { repository in
                let user = try await users(1, in: repository)[0]
                await share([user, user], in: repository)
                let rival = try database.connect()
                try rival.execute("BEGIN; LOCK TABLE users")
                async let first = read([user.id], in: repository)
                try await repository.waitForBlockedSessions()
                await repository.pool.loop.sleep(for: Self.moreThanPatience)
                async let second = read([user.id], in: repository)
                try await repository.waitForBlockedSessions(2)
                await repository.pool.loop.sleep(for: Self.moreThanPatience)
                let waitersMax = repository.pool.waitersMax
                try await withThrowingTaskGroup(of: Result<User?, UserError>.self) { group in
                    for _ in 0...waitersMax {
                        group.addTask { await read([user.id], in: repository)[0] }
                    }
                    // All others wait for the lock.
                    #expect(try await group.next()?.isRefused == true)
                    try rival.execute("ROLLBACK")
                    for try await result in group { #expect(try result.get() == user) }
                }
                for result in await first + second { #expect(try result.get() == user) }
            }
        }
    }

    @Test func `a table that stays locked is told to all, in few statements`() async throws {
        try await withTestDatabase { database in
            try await withRepository(on: database, settings: ["statement_timeout=300"]) {
                repository in
                let users = try await users(40, in: repository)
                let rival = try database.connect()
                try rival.execute("BEGIN; LOCK TABLE users")
                let before = await repository.pool.statistics.traffic.queries
                let results = await read(users.map(\.id), in: repository)
                #expect(results.allSatisfy { $0.isOfAbsence })
                let queries = await repository.pool.statistics.traffic.queries - before
                #expect(queries < 20, "\(queries) statements were sent for 40 reads.")
                try rival.execute("ROLLBACK")
                let result = await read([users[1].id], in: repository)
                #expect(try result.first?.get() == users[1])
            }
        }
    }
}

extension Result<User?, UserError> {
    /// Whether the database was away.
    fileprivate var isOfAbsence: Bool {
        guard case .failure(let error) = self else { return false }
        return error.kind == "unavailable(storageAway)"
    }

    /// Whether too many wait.
    fileprivate var isRefused: Bool {
        guard case .failure(let error) = self else { return false }
        return error.kind == "unavailable(overloaded)"
    }
}

extension TestRepository {
    /// Has the server refuse statements that read several users: what they call stands before its
    /// own, if the sessions' search path has `public` first.
    fileprivate func refuseSharedReads() throws {
        try database.connect().execute(
            """
            CREATE FUNCTION public.unnest(uuid[]) RETURNS SETOF uuid LANGUAGE sql
            AS 'SELECT (1 / 0)::text::uuid'
            """)
    }

    /// Ends the session that waits for a lock, once there is one.
    fileprivate func endBlockedSession() async throws {
        let killer = try database.connect()
        for backend in try await waitForBlockedSessions() {
            _ = try killer.query("SELECT pg_terminate_backend($1::int)", ["\(backend)"])
        }
    }
}
