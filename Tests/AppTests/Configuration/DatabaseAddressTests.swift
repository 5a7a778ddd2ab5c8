import Postgres
import Testing

@testable import App

@Suite("The database's address")
struct DatabaseAddressTests {
    private func address(_ variables: [String: String]) throws -> DatabaseAddress {
        let settings = try ConfigurationReader.read(from: .test(variables)) {
            DatabaseSettings(reading: &$0)
        }
        return try DatabaseAddress(settings) { _ in }
    }

    @Test func `a session is told when to give a statement up, a little before we do`() throws {
        let address = try address([
            "DATABASE_URL": "postgresql://db/users", "DATABASE_STATEMENT_TIMEOUT": "10s",
            "DATABASE_CONNECT_TIMEOUT": "7s", "DATABASE_IDLE_IN_TRANSACTION_TIMEOUT": "20s",
        ])
        #expect(
            address.sessionSettings.map(\.sql) == [
                "SET statement_timeout = 9000", "SET idle_in_transaction_session_timeout = 22000",
                "SET plan_cache_mode = force_generic_plan", "SET enable_seqscan = off",
            ])
        let keywords = address.keywords.map { "\($0.name)=\($0.value)" }
        #expect(keywords.contains("connect_timeout=7"))
        #expect(!keywords.contains { $0.hasPrefix("options=") }, "a pooler would refuse them")
    }

    @Test func `a session that is lent to others is told nothing`() throws {
        let address = try address([
            "DATABASE_URL": "postgresql://db/users", "DATABASE_PREPARED_STATEMENTS": "off",
        ])
        #expect(address.sessionSettings.isEmpty)
    }

    @Test func `what needs its own session goes past the pooler, where there is one`() throws {
        let pooled = ["DATABASE_URL": "postgresql://pooler:6432/users"]
        #expect("\(try address(pooled).direct)" == "host=pooler port=6432 dbname=users")
        let both = pooled.merging(["DATABASE_DIRECT_URL": "postgresql://db/users"]) { $1 }
        let address = try address(both)
        #expect("\(address.direct)" == "host=db dbname=users")
        #expect("\(address.pooled)" == "host=pooler port=6432 dbname=users")
        #expect(address.keywords.contains { $0 == ("host", "pooler") })
    }

    @Test func `a fault names the variable`() {
        for name in ["DATABASE_URL", "DATABASE_DIRECT_URL"] {
            let error = #expect(throws: StartFailure.self) {
                try address(
                    ["DATABASE_URL": "postgresql://db/users"].merging([name: "mysql://db"]) { $1 })
            }
            #expect(error?.description.hasPrefix("\(name): its scheme") == true)
        }
    }
}
