import Testing

@testable import HTTPServer

@Suite("What is idle")
struct IdleStackTests {
    private func stack(of count: Int) -> IdleStack<Int> {
        var stack = IdleStack<Int>()
        for number in 0..<count { stack.push(number) }
        return stack
    }

    @Test func `the last to become idle is taken first`() {
        var stack = stack(of: 2)
        #expect(stack.pop() == 1 && stack.pop() == 0 && stack.pop() == nil)
    }

    @Test func `what has just become idle is no surplus`() {
        var stack = stack(of: 100)
        #expect(stack.takeSurplus() == [] && stack.count == 100)
    }

    @Test func `what nobody needed for a whole period is, from the bottom, but for sixteen`() {
        var stack = stack(of: 100)
        _ = stack.takeSurplus()
        // Thirty are needed at once, and come back.
        let needed = (0..<30).compactMap { _ in stack.pop() }
        for element in needed { stack.push(element) }
        #expect(stack.takeSurplus() == Array(0..<54))
        #expect(stack.count == 46)
        // Nobody needs any: all but sixteen go.
        #expect(stack.takeSurplus().count == 30 && stack.count == 16)
        #expect(stack.takeSurplus() == [])
    }

    @Test func `all can be taken`() {
        var stack = stack(of: 3)
        #expect(stack.takeAll() == [0, 1, 2])
        #expect(stack.pop() == nil && stack.takeSurplus() == [])
    }
}
