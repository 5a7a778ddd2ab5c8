import HTTPTesting
import Postgres
import PostgresTesting
import Testing

@testable import App

@Suite("Logins without a database")
struct AuthenticationOutageTests {
    @Test func `are for later, tokens tell nothing meanwhile, and are good afterwards`()
        async throws
    {
        try await withProxiedApplication { _ in
        } _: { application, proxy, database in
            let user = try database.connect().add()
            // The database is given little time here, which a busy machine may exceed.
            var found: TestSession?
            _ = await eventually {
                found = try? await application.session(of: user)
                return found != nil
            }
            let session = try #require(found)
            let isKnown = await eventually {
                (try? await application.status(with: session)) == 200
            }
            #expect(isKnown)
            proxy.set(.refuse)
            proxy.cut()
            let json = #"{"email":"\#(user.email)","password":"\#(TestAdministrator.password)"}"#
            for answer in [
                try await application.send("POST /auth/login", json),
                try await application.refresh(session.refresh),
                try await application.send("GET /users/me", as: session.caller),
                try await application.send("GET /users", as: session.caller),
            ] {
                #expect(answer.status == 503 && answer.string("code") == "unavailable")
                #expect(answer["Retry-After"] == "1")
            }
            // What needs no database is known without it.
            #expect(try await application.send("GET /users/me", as: .token("a.b.c")).status == 401)
            #expect(try await application.send("GET /users/me", as: .nobody).status == 401)
            #expect(try await application.send("GET /.well-known/jwks.json").status == 200)
            #expect(try await application.send("GET /health/live").status == 200)
            #expect(try await application.send("GET /health").status == 200)
            proxy.set(.pass)
            let isBack = await eventually {
                (try? await application.status(with: session)) == 200
            }
            #expect(isBack)
            let isOpen = await eventually {
                (try? await application.send("POST /auth/login", json).status) == 200
            }
            #expect(isOpen)
        }
    }
}
