import Testing

@testable import App

@Suite("What a service manager passes")
struct ManagerVariablesTests {
    struct SocketCase: Sendable {
        var count: String?
        var process: String? = "42"
        var names: String?
        var sockets = PassedSockets()
        var failure: String?
    }

    private static let refusal = """
        sockets are passed to the service, which takes one, or two with the names http and metrics
        """

    @Test(arguments: [
        SocketCase(),
        SocketCase(count: "1", sockets: PassedSockets(http: 3)),
        SocketCase(count: "1", names: "user-management.socket", sockets: PassedSockets(http: 3)),
        SocketCase(count: "0"),
        SocketCase(count: "1", process: "43"),
        SocketCase(count: "1", process: nil),
        SocketCase(
            count: "2", names: "http:metrics", sockets: PassedSockets(http: 3, metrics: 4)),
        SocketCase(
            count: "2", names: "metrics:http", sockets: PassedSockets(http: 4, metrics: 3)),
        SocketCase(count: "2", failure: "2 \(refusal)"),
        SocketCase(count: "2", names: "http:http", failure: "2 \(refusal): http:http"),
        SocketCase(
            count: "3", names: "http:metrics:x", failure: "3 \(refusal): http:metrics:x"),
        SocketCase(count: "-1", failure: "LISTEN_FDS=-1 is no number"),
        SocketCase(count: "one", failure: "LISTEN_FDS=one is no number"),
        SocketCase(count: "one", process: "43"),
    ])
    func `sockets are taken, if they are for this process`(_ given: SocketCase) {
        var variables = ManagerVariables()
        variables.socketCount = given.count
        variables.socketsProcess = given.process
        variables.socketNames = given.names
        do throws(StartFailure) {
            #expect(try variables.sockets(of: 42) == given.sockets)
            #expect(given.failure == nil)
        } catch {
            #expect("\(error)" == given.failure)
        }
    }

    struct WatchdogCase: Sendable {
        var microseconds: String?
        var process: String?
        var interval: Duration?
    }

    @Test(arguments: [
        WatchdogCase(),
        WatchdogCase(microseconds: "30000000", interval: .seconds(30)),
        WatchdogCase(microseconds: "500000", process: "42", interval: .milliseconds(500)),
        WatchdogCase(microseconds: "500000", process: "43"),
        WatchdogCase(microseconds: "0"),
        WatchdogCase(microseconds: "-5"),
        WatchdogCase(microseconds: "soon"),
    ])
    func `a watchdog is heeded, if it is for this process`(_ given: WatchdogCase) {
        var variables = ManagerVariables()
        variables.watchdogMicroseconds = given.microseconds
        variables.watchdogProcess = given.process
        #expect(variables.watchdogInterval(of: 42) == given.interval)
    }
}
