import HTTPTesting
import Migrations
import PostgresTesting
import Testing

@testable import App

/// A version runs on the schema of the next one, and on its own again when that is undone: what a
/// rollback relies on.
@Suite("On the schemas beside its own", .timeLimit(.minutes(5)))
struct NeighbouringSchemaTests {
    /// Adds all that a migration may: columns, with and without a value, an index, a table that
    /// refers to one that is there, and a function that a trigger of it calls.
    private static let next = """
        -- migrate:up
        ALTER TABLE users ADD COLUMN nickname text, ADD COLUMN score bigint NOT NULL DEFAULT 7;
        ALTER TABLE sessions ADD COLUMN label text CHECK (label <> '');
        CREATE INDEX users_nickname ON users (nickname, id);
        CREATE TABLE badges (
            user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE, name text NOT NULL
        );
        CREATE FUNCTION users_award() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            INSERT INTO badges (user_id, name) VALUES (NEW.id, 'new');
            RETURN NULL;
        END
        $$;
        CREATE TRIGGER users_award AFTER INSERT ON users
        FOR EACH ROW EXECUTE FUNCTION users_award();
        -- migrate:down
        DROP TRIGGER users_award ON users;
        DROP FUNCTION users_award();
        DROP TABLE badges;
        ALTER TABLE sessions DROP COLUMN label;
        ALTER TABLE users DROP COLUMN score, DROP COLUMN nickname;
        """

    @Test func `while the next migration runs, after it, and while it is undone, all goes on`()
        async throws
    {
        var files: [String: String] = [:]
        for file in try MigrationFolder.read(path: "\(repositoryFolder)/migrations").files {
            files["\(file.revision)_\(file.name).sql"] = try file.text
        }
        files["\(Revision(number: BuildInformation.requiredRevision.number + 1))_next.sql"] =
            Self.next
        try await withMigrations(files) { folder in
            // Nobody's password waits for another one's, which a busy machine would refuse.
            let variables = ["PASSWORD_HASHING_THREADS": "4"]
            try await withApplication(variables) { application, database in
                for (verb, target, schema) in [
                    ("upgrade", "head", "ahead"), ("downgrade", "-1", "current"),
                ] {
                    let ended = try await underLoad(of: application) {
                        try await migrate(verb, target, on: database, from: folder)
                    }
                    #expect(ended.status == 0, "\(ended.errors)")
                    try await live(on: application)
                    let ready = try await application.report(of: "/health/ready") {
                        $0.check("schema") == schema
                    }
                    #expect(ready.status == 200 && ready.check("schema") == schema)
                }
            }
        }
    }

    @Test func `without its own last migration it is alive and not ready, until that has run`()
        async throws
    {
        try await withApplication { application, database in
            for (verb, target, status, schema) in [
                ("downgrade", "-1", 503, "behind"), ("upgrade", "head", 200, "current"),
            ] {
                let ended = try await migrate(verb, target, on: database)
                #expect(ended.status == 0, "\(ended.errors)")
                let ready = try await application.report(of: "/health/ready") {
                    $0.check("schema") == schema
                }
                #expect(ready.status == status && ready.check("schema") == schema)
                #expect(try await application.send("GET /health/live").status == 200)
            }
        }
    }

    /// Runs `body` while others use the service, whom it must not keep from anything.
    private func underLoad<Value: Sendable>(
        of application: TestApplication, _ body: @Sendable () async throws -> Value
    ) async throws -> Value {
        let ends = Occurrences()
        return try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    repeat { try await live(on: application) } while ends.count == 0
                }
            }
            defer { ends.happened() }
            return try await body()
        }
    }

    /// Does with a user what can be done.
    private func live(on application: TestApplication) async throws {
        let password = TestAdministrator.password
        let user = TestUser()
        let created = try await application.send(
            "POST /users", #"{"email":"\#(user.email)","display_name":"A"}"#)
        let path = "/users/\(created.string("id") ?? "")"
        var statuses = [created.status]
        for (line, json) in [
            ("GET \(path)", nil), ("GET /users?limit=5&sort=email", nil),
            ("PATCH \(path)", #"{"display_name":"B"}"#),
            ("PUT \(path)/password", #"{"password":"\#(password)"}"#),
            ("PUT \(path)/roles/admin", nil), ("GET \(path)/sessions", nil),
        ] {
            statuses.append(try await application.send(line, json).status)
        }
        try #require(statuses == [201, 200, 200, 200, 204, 204, 200])
        let session = try await application.session(
            of: TestUser(id: created.string("id") ?? "", email: user.email))
        statuses = [try await application.refresh(session.refresh).status]
        for line in [
            "DELETE \(path)", "POST \(path)/restore", "DELETE \(path)?mode=hard", "GET \(path)",
        ] {
            statuses.append(try await application.send(line).status)
        }
        #expect(statuses == [200, 204, 200, 204, 404])
    }
}

extension MigrationFile {
    /// What stands in a file of it.
    fileprivate var text: String {
        get throws {
            func part(_ name: String, _ script: Script) -> String {
                let option = script.isTransactional ? "" : " transaction:false"
                return "-- migrate:\(name)\(option)\n\(script.sql)\n"
            }
            return part("up", up) + part("down", try #require(down))
        }
    }
}
