import Ambient
import Authentication
import Testing
import Users

@Suite("Tokens that were verified")
struct TokenMemoryTests {
    private static let start = Timestamp(microsecondsSince1970: 1_795_380_360_123_456)

    private static func time(after seconds: Int64) -> Timestamp {
        start.advanced(bySeconds: seconds)
    }

    private static func id(_ number: Int) -> UUID { UUID(high: 7, low: UInt64(number)) }

    private static func claims(
        user: Int = 1, session: Int = 1, seconds: Int64 = 600
    ) -> TokenClaims {
        TokenClaims(
            user: UserID(id(user)), session: SessionID(id(session)), epoch: 3,
            expiresAt: time(after: seconds))
    }

    private static func token(_ number: Int) -> [UInt8] {
        Array("header.payload.a-signature-\(1_000_000 + number)".utf8)
    }

    private static let one = token(1)

    /// What is remembered of a token: nothing, the token, or what it allows too.
    private static func look(
        _ memory: inout TokenMemory, _ token: [UInt8] = one, after seconds: Int64 = 0
    ) -> String {
        guard let tail = TokenTail(token.span),
            let known = memory.token(
                with: tail, at: time(after: seconds)), known.isSame(as: token.span)
        else { return "nothing" }
        return switch known.answer {
        case .success(let permissions): "allows \(permissions.rawValue)"
        case .failure(let refusal): "refused: \(refusal.rawValue)"
        case nil: "token"
        }
    }

    /// A memory that somebody listens for and that knows what one token allows.
    private static func memory() -> TokenMemory {
        var memory = TokenMemory()
        memory.listeningBegan()
        memory.remember(one, claims(), at: start)
        memory.remember(.success(.usersRead), of: one, since: memory.now)
        return memory
    }

    @Test func `a token is remembered, and what it allows`() {
        var memory = Self.memory()
        #expect(Self.look(&memory) == "allows 1")
        #expect(Self.look(&memory, Self.token(2)) == "nothing")
    }

    @Test func `so is why it is refused, until that may have changed`() {
        var memory = Self.memory()
        memory.remember(.failure(.sessionEnded), of: Self.one, since: memory.now)
        #expect(Self.look(&memory) == "refused: session_ended")
        memory.accessChanged(of: UserID(Self.id(2)))
        #expect(Self.look(&memory) == "refused: session_ended")
        memory.accessChanged(of: UserID(Self.id(1)))
        #expect(Self.look(&memory) == "token")
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let change: @Sendable (inout TokenMemory) -> Void
        let left: String
    }

    static let changes = [
        Case(
            testDescription: "its user", change: { $0.accessChanged(of: UserID(id(1))) },
            left: "token"),
        Case(
            testDescription: "another user", change: { $0.accessChanged(of: UserID(id(2))) },
            left: "allows 1"),
        Case(testDescription: "everybody", change: { $0.accessChanged() }, left: "token"),
        Case(testDescription: "nobody listens", change: { $0.listeningEnded() }, left: "token"),
        Case(
            testDescription: "somebody listens again", change: { $0.listeningBegan() },
            left: "token"),
        Case(
            testDescription: "it is verified again",
            change: { $0.remember(one, claims(), at: start) },
            left: "token"),
    ]

    @Test(arguments: changes)
    func `what it allows is forgotten when that may have changed`(_ given: Case) {
        var memory = Self.memory()
        given.change(&memory)
        #expect(Self.look(&memory) == given.left)
    }

    @Test(arguments: changes)
    func `and so it is in the elder generation`(_ given: Case) {
        var memory = Self.memory()
        memory.remember(Self.token(2), Self.claims(user: 5, session: 5), at: Self.time(after: 599))
        memory.remember(Self.token(3), Self.claims(user: 5, session: 5), at: Self.time(after: 600))
        given.change(&memory)
        #expect(Self.look(&memory) == given.left)
    }

    @Test(arguments: changes.filter { $0.testDescription != "it is verified again" })
    func `what was asked before a change, any change, is not remembered after it`(_ given: Case) {
        var memory = Self.memory()
        let moment = memory.now
        given.change(&memory)
        let left = Self.look(&memory)
        memory.remember(.success(.all), of: Self.one, since: moment)
        #expect(Self.look(&memory) == left)
        memory.remember(.success(.all), of: Self.one, since: memory.now)
        let isListening = given.testDescription != "nobody listens"
        #expect(Self.look(&memory) == (isListening ? "allows 7" : "token"))
    }

    @Test func `what a token allows is not remembered before somebody listens`() {
        var memory = TokenMemory()
        memory.remember(Self.one, Self.claims(), at: Self.start)
        memory.remember(.success(.all), of: Self.one, since: memory.now)
        #expect(Self.look(&memory) == "token")
    }

    @Test func `a token is good until it runs out`() {
        var memory = Self.memory()
        #expect(Self.look(&memory, after: 599) == "allows 1")
        #expect(Self.look(&memory, after: 600) == "nothing")
        #expect(Self.look(&memory, after: 0) == "nothing")
    }

    @Test func `what is not remembered allows nothing`() {
        var memory = Self.memory()
        memory.remember(.success(.all), of: Self.token(2), since: memory.now)
        #expect(Self.look(&memory, Self.token(2)) == "nothing")
    }

    @Test func `a token with the tail of another is not taken for it`() {
        var memory = Self.memory()
        let others = [[0] + Self.one, Array(Self.one.dropFirst()), [0] + Self.one.dropFirst()]
        for other in others {
            #expect(TokenTail(other.span) == TokenTail(Self.one.span))
            #expect(Self.look(&memory, other) == "nothing")
            memory.remember(.success(.all), of: other, since: memory.now)
            #expect(Self.look(&memory) == "allows 1")
        }
    }

    @Test(arguments: 0..<16)
    func `what is too short is no token`(_ count: Int) {
        let token = [UInt8](repeating: 65, count: count)
        #expect(TokenTail(token.span) == nil)
        var memory = TokenMemory()
        memory.remember(token, Self.claims(), at: Self.start)
        #expect(Self.look(&memory, token) == "nothing")
    }

    @Test(arguments: 0..<16)
    func `the tail is the last sixteen octets, each of which counts`(_ index: Int) {
        let token = Self.token(1)
        var other = token
        other[token.count - 1 - index] ^= 0x80
        #expect(TokenTail(token.span) != TokenTail(other.span))
    }

    @Test func `tokens that are used stay, and those that are not go with their generation`() {
        var memory = Self.memory()
        let (used, unused) = (Self.token(2), Self.token(3))
        memory.remember(used, Self.claims(seconds: 9_999), at: Self.start)
        memory.remember(unused, Self.claims(seconds: 9_999), at: Self.start)
        for generation in 1...3 {
            let seconds = Int64(generation) * 600
            memory.remember(
                Self.token(3 + generation), Self.claims(seconds: 9_999),
                at: Self.time(after: seconds))
            #expect(Self.look(&memory, used, after: seconds) == "token")
        }
        #expect(Self.look(&memory, unused, after: 1800) == "nothing")
    }

    @Test func `no more than two generations are kept, however many tokens are in use`() {
        var memory = TokenMemory()
        let count = 3 * TokenMemory.generationCountMax
        for number in 0..<count {
            memory.remember(Self.token(number), Self.claims(), at: Self.start)
            // The one before last and the first of each generation are used again and again.
            for other in [number - 1, number - TokenMemory.generationCountMax, number / 2]
            where other >= 0 {
                _ = Self.look(&memory, Self.token(other))
            }
        }
        var left = (0..<count).count { Self.look(&memory, Self.token($0)) != "nothing" }
        #expect((1...2 * TokenMemory.generationCountMax).contains(left))
        left = (0..<count).count { Self.look(&memory, Self.token($0)) != "nothing" }
        #expect((1...2 * TokenMemory.generationCountMax).contains(left))
    }
}
