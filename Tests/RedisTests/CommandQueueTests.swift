import Ambient
import Testing

@testable import Redis

@Suite("The commands under way")
struct CommandQueueTests {
    private let start = MonotonicTime.now

    private static func makeQueue() -> CommandQueue<String> {
        var configuration = RedisConfiguration()
        configuration.commandTimeout = .milliseconds(10)
        configuration.silenceMax = .milliseconds(100)
        configuration.commandsMax = 3
        return CommandQueue(configuration)
    }

    private func at(_ milliseconds: Int) -> MonotonicTime { start + .milliseconds(milliseconds) }

    @Test func `answers go to those who asked, in their order`() {
        var queue = Self.makeQueue()
        queue.sent("a", now: at(0))
        queue.sent("b", now: at(1))
        #expect(queue.answer(at: at(2)) == "a after 0.002 seconds")
        #expect(queue.answer(at: at(2)) == "b after 0.001 seconds")
        #expect(queue.answer(at: at(2)) == "nobody")
    }

    @Test func `a late answer goes to nobody, and the next one to its own`() {
        var queue = Self.makeQueue()
        queue.sent("a", now: at(0))
        queue.sent("b", now: at(5))
        #expect(queue.expire(now: at(9)) == [])
        #expect(queue.expire(now: at(10)) == ["a"])
        #expect(queue.expire(now: at(10)) == [])
        #expect(queue.answer(at: at(11)) == "gone")
        #expect(queue.answer(at: at(11)) == "b after 0.006 seconds")
    }

    @Test func `the time runs from the end of the turn, and nothing is answered before`() {
        var queue = Self.makeQueue()
        queue.asked("a")
        #expect(queue.nextDeadline == nil)
        #expect(queue.expire(now: at(1000)) == [])
        #expect(queue.answer(at: at(1000)) == "nobody")
        queue.asked("b")
        queue.sent(now: at(1000))
        queue.asked("c")
        #expect(queue.nextDeadline == at(1010))
        #expect(queue.expire(now: at(1010)) == ["a", "b"])
        #expect(queue.lost() == ["c"])
    }

    @Test func `nobody else waits while an answer is overdue`() {
        var queue = Self.makeQueue()
        queue.sent("a", now: at(0))
        #expect(queue.refusal == nil)
        _ = queue.expire(now: at(10))
        #expect(queue.refusal == .inDoubt)
        #expect(queue.answer(at: at(50)) == "gone")
        #expect(queue.refusal == nil)
    }

    @Test func `no more than so many are under way`() {
        var queue = Self.makeQueue()
        for ticket in ["a", "b", "c"] { queue.sent(ticket, now: at(0)) }
        #expect(queue.refusal == .overloaded)
        _ = queue.answer(at: at(1))
        #expect(queue.refusal == nil)
    }

    @Test func `a silence is a loss only while an answer is overdue`() {
        var queue = Self.makeQueue()
        #expect(!queue.isLost(now: at(1000)))
        queue.sent("a", now: at(1000))
        queue.sent("b", now: at(1005))
        #expect(queue.nextDeadline == at(1010))
        #expect(queue.expire(now: at(1010)) == ["a"])
        #expect(queue.nextDeadline == at(1015))
        #expect(queue.expire(now: at(1015)) == ["b"])
        #expect(queue.nextDeadline == at(1100))
        #expect(!queue.isLost(now: at(1099)))
        #expect(queue.answer(at: at(1099)) == "gone")
        #expect(!queue.isLost(now: at(1198)))
        #expect(queue.isLost(now: at(1199)))
        #expect(queue.answer(at: at(1199)) == "gone")
        #expect(!queue.isLost(now: at(9999)))
        #expect(queue.nextDeadline == nil)
    }

    @Test func `when the connection is lost, those are told who wait`() {
        var queue = Self.makeQueue()
        queue.sent("a", now: at(0))
        queue.sent("b", now: at(5))
        _ = queue.expire(now: at(10))
        #expect(queue.lost() == ["b"])
        #expect(queue.count == 0)
        #expect(queue.refusal == nil)
        #expect(queue.nextDeadline == nil)
    }

    @Test func `thousands of answers later the order is the same`() {
        var queue = Self.makeQueue()
        var answered: [String] = []
        for number in 0..<5000 {
            queue.sent("\(number)", now: at(number))
            if number % 3 == 0 { queue.sent("\(number)+", now: at(number)) }
            while queue.count > 1 {
                answered.append(String(queue.answer(at: at(number)).prefix { $0 != " " }))
            }
        }
        let expected = (0..<5000).flatMap { $0 % 3 == 0 ? ["\($0)", "\($0)+"] : ["\($0)"] }
        #expect(answered == Array(expected.dropLast()))
    }
}

extension CommandQueue<String> {
    /// A command is asked for and sent.
    fileprivate mutating func sent(_ ticket: String, now: MonotonicTime) {
        asked(ticket)
        sent(now: now)
    }

    /// What becomes of an answer, in a few words.
    fileprivate mutating func answer(at now: MonotonicTime) -> String {
        switch answered(now: now) {
        case .waiting(let ticket, let since): "\(ticket) after \(now - since)"
        case .gone: "gone"
        case .nobody: "nobody"
        }
    }
}
