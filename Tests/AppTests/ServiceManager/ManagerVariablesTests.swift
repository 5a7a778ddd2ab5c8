import Testing

@testable import App

@Suite("What a service manager passes")
struct ManagerVariablesTests {
    struct SocketCase: Sendable {
        var count: String?
        var process: String? = "42"
        var names: String?
        var descriptor: CInt?
        var failure: String?
    }

    @Test(arguments: [
        SocketCase(),
        SocketCase(count: "1", descriptor: 3),
        SocketCase(count: "1", names: "user-management.socket", descriptor: 3),
        SocketCase(count: "0"),
        SocketCase(count: "1", process: "43"),
        SocketCase(count: "1", process: nil),
        SocketCase(
            count: "2", failure: "2 sockets are passed to the service, which takes one"),
        SocketCase(
            count: "2", names: "http:metrics",
            failure: "2 sockets are passed to the service, which takes one: http:metrics"),
        SocketCase(count: "-1", failure: "LISTEN_FDS=-1 is no number"),
        SocketCase(count: "one", failure: "LISTEN_FDS=one is no number"),
        SocketCase(count: "one", process: "43"),
    ])
    func `one socket is taken, if it is for this process`(_ given: SocketCase) {
        var variables = ManagerVariables()
        variables.socketCount = given.count
        variables.socketsProcess = given.process
        variables.socketNames = given.names
        do throws(StartFailure) {
            #expect(try variables.listeningDescriptor(of: 42) == given.descriptor)
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
