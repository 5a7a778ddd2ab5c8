import Testing

@testable import JSONLogging

@Suite("Patterns of lines")
struct AccessLinePatternsTests {
    @Test func `a pattern is made once, and belongs to its method, route and status alone`() {
        let patterns = AccessLinePatterns(service: "test")
        let requests = [
            ("GET", "/users", 200), ("GET", "/roles", 200), ("PUT", "/users", 200),
            ("GET", "/users", 201), ("GET", "", 200), ("-", "-", 400),
        ]
        for (method, route, status) in requests + requests {
            let pattern = patterns.pattern(method: method, route: route, status: status)
            #expect(pattern.method == method && pattern.route == route)
            #expect(pattern.status == status)
            #expect(
                patterns.pattern(method: method, route: route, status: status) === pattern)
        }
    }

    @Test func `what a client makes up has a pattern of its own, which is not kept`() {
        let patterns = AccessLinePatterns(service: "test")
        for method in ["BREW", "get", ""] {
            let first = patterns.pattern(method: method, route: "-", status: 501)
            let second = patterns.pattern(method: method, route: "-", status: 501)
            #expect(first.method == method && second.method == method)
            #expect(first !== second)
        }
    }

    @Test(arguments: AccessLinePatterns.methods)
    func `what the service knows is kept`(method: String) {
        let patterns = AccessLinePatterns(service: "test")
        let pattern = patterns.pattern(method: method, route: "/users", status: 200)
        #expect(patterns.pattern(method: method, route: "/users", status: 200) === pattern)
    }

    @Test func `threads that ask at once get one that is right, and the same afterwards`() async {
        let patterns = AccessLinePatterns(service: "test")
        await withTaskGroup { group in
            for _ in 0..<8 {
                group.addTask {
                    for number in 0..<100 {
                        let pattern = patterns.pattern(
                            method: "GET", route: "/\(number)", status: 200)
                        #expect(pattern.route == "/\(number)")
                    }
                }
            }
        }
        for number in 0..<100 {
            let pattern = patterns.pattern(method: "GET", route: "/\(number)", status: 200)
            #expect(pattern.route == "/\(number)")
            #expect(
                patterns.pattern(method: "GET", route: "/\(number)", status: 200) === pattern)
        }
    }
}
