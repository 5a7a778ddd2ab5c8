import Glibc
import HTTPTesting
import Testing

@testable import App

@Suite("Descriptors of the process")
struct DescriptorTests {
    /// Nobody listens at port 1; nothing here needs a database.
    private static let variables = [
        "DATABASE_URL": "postgresql://127.0.0.1:1/users", "DATABASE_POOL_SIZE": "1",
    ]

    @Test func `connections stay below what the process may open, which it says once`()
        async throws
    {
        // 70 are kept.
        let service = try await ServiceProcess(Self.variables, descriptorsMax: 80)
        var clients: [RawHTTPClient] = []
        for _ in 0..<10 {
            let client = try service.connect()
            let answer = try await client.exchange(requestText("GET /health/live"))
            #expect(answer.status == 200)
            clients.append(client)
        }
        for _ in 0..<20 { #expect(try await service.connect().remainder() == []) }
        for client in clients {
            #expect(try await client.exchange(requestText("GET /health/live")).status == 200)
        }
        let output = try await service.ended(by: SIGKILL).output
        let warning =
            "No more than 10 connections, not the 16384 of HTTP_CONNECTIONS_MAX: the process may "
            + "open 80 descriptors (ulimit -n), of which it keeps 70 for other things"
        #expect(output.ranges(of: warning).count == 1)
        #expect(output.ranges(of: "HTTP_CONNECTIONS_MAX are open").count == 1)
        #expect(output.contains(#""connections":"1""#))
    }

    @Test func `with enough of them nothing is said`() async throws {
        let service = try await ServiceProcess(
            Self.variables.merging(["HTTP_CONNECTIONS_MAX": "10"]) { $1 }, descriptorsMax: 80)
        #expect(try await service.send("GET /health/live").status == 200)
        #expect(try await !service.ended(by: SIGKILL).output.contains("No more than"))
    }

    @Test func `with too few of them the service does not start`() async throws {
        let ended = try await Executable(
            ["serve"], Self.variables.merging(["EVENT_LOOPS": "1", "PORT": "0"]) { $1 },
            descriptorsMax: 70
        ).run()
        #expect(ended.status == 2)
        #expect(
            ended.errors == "user-management: the process may open 70 descriptors and needs 71 or "
                + "more; raise the limit (ulimit -n)\n")
    }
}
