import Testing

@testable import JSONLogging

@Suite("Patterns of lines")
struct AccessLinePatternsTests {
    @Test func `a pattern is made once, and belongs to its method, route and status alone`() {
        let patterns = AccessLinePatterns(service: "test")
        let requests = [
            ("GET", "/users", 200), ("GET", "/roles", 200), ("PUT", "/users", 200),
            ("GET", "/users", 201), ("GET", "", 200), ("", "", 0),
        ]
        for (method, route, status) in requests + requests {
            let pattern = patterns.pattern(method: method, route: route, status: status)
            #expect(pattern.method == method && pattern.route == route)
            #expect(pattern.status == status)
            #expect(
                patterns.pattern(method: method, route: route, status: status) === pattern)
        }
    }

    @Test
    func `methods that clients make up are kept up to a limit, and have their own all the same`() {
        let patterns = AccessLinePatterns(service: "test")
        let counts = 0..<2 * AccessLinePatterns.countMax
        let kept = counts.count { number in
            let first = patterns.pattern(method: "M\(number)", route: "-", status: 501)
            let second = patterns.pattern(method: "M\(number)", route: "-", status: 501)
            #expect(first.method == "M\(number)" && second.method == first.method)
            return first === second
        }
        #expect(kept == AccessLinePatterns.countMax)
    }

    @Test func `threads that ask at once get the same`() async {
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
        let pattern = patterns.pattern(method: "GET", route: "/1", status: 200)
        #expect(patterns.pattern(method: "GET", route: "/1", status: 200) === pattern)
    }
}
