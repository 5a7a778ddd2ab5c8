import Ambient
import Authentication
import Testing
import Users

/// What ``TokenMemory`` has to remember, in one list that is searched.
private struct PlainMemory {
    struct Entry {
        let token: Int
        let claims: TokenClaims
        var answer: TokenAnswer?
        var generation = 0
    }

    private(set) var entries: [Entry] = []
    private var generation = 0
    private var generationStart = Timestamp(microsecondsSince1970: 0)
    private(set) var changes = 0
    private var isListening = false

    mutating func look(_ token: Int, at time: Timestamp) -> Entry? {
        guard let index = entries.firstIndex(where: { $0.token == token }) else { return nil }
        var entry = entries[index]
        if entry.generation < generation {
            entries.remove(at: index)
            age(at: time)
            entry.generation = generation
            entries.append(entry)
        }
        guard time < entry.claims.expiresAt else {
            entries.removeAll { $0.token == token }
            return nil
        }
        return entry
    }

    mutating func remember(_ token: Int, _ claims: TokenClaims, at time: Timestamp) {
        age(at: time)
        entries.removeAll { $0.token == token }
        entries.append(Entry(token: token, claims: claims, generation: generation))
    }

    mutating func remember(_ answer: TokenAnswer, of token: Int, since moment: Int) {
        guard isListening, moment == changes else { return }
        for index in entries.indices
        where entries[index].token == token && entries[index].generation == generation {
            entries[index].answer = answer
        }
    }

    mutating func change(_ isMeant: (TokenClaims) -> Bool) {
        changes += 1
        for index in entries.indices where isMeant(entries[index].claims) {
            entries[index].answer = nil
        }
    }

    mutating func listening(_ isListening: Bool) {
        self.isListening = isListening
        change { _ in true }
    }

    private mutating func age(at time: Timestamp) {
        let isFull =
            entries.count { $0.generation == generation } >= TokenMemory.generationCountMax
        guard isFull || time >= generationStart.advanced(bySeconds: 600) else { return }
        entries.removeAll { $0.generation < generation }
        generation += 1
        generationStart = time
    }
}

@Suite("Tokens that were verified, beside a plain list of them")
struct TokenMemoryModelTests {
    private static func token(_ number: Int) -> [UInt8] {
        Array("a token with the number \(1000 + number)".utf8)
    }

    private static let start = Timestamp(microsecondsSince1970: 1_795_380_360_123_456)

    /// What a token says is always the same.
    private static func claims(of token: Int) -> TokenClaims {
        TokenClaims(
            user: UserID(UUID(high: 1, low: UInt64(token % 3))),
            session: SessionID(UUID(high: 2, low: UInt64(token % 7))), epoch: 0,
            expiresAt: start.advanced(bySeconds: 150 * Int64(token)))
    }

    @Test(arguments: 0..<40)
    func `both tell the same of any story`(_ seed: UInt64) {
        let entropy = Entropy.seeded(seed)
        func random(_ count: Int) -> Int { Int(entropy.next() % UInt64(count)) }
        var (memory, plain) = (TokenMemory(), PlainMemory())
        var seconds = 0
        var moments = [(memory.now, plain.changes)]
        for step in 0..<2_000 {
            let time = Self.start.advanced(bySeconds: Int64(seconds))
            // One that has just run out, or that will soon.
            let (token, looked) = (seconds / 150 + random(12), seconds / 150 + random(12))
            switch random(12) {
            case 0...2:
                memory.remember(Self.token(token), Self.claims(of: token), at: time)
                plain.remember(token, Self.claims(of: token), at: time)
            case 3...5:
                let moment = moments[max(0, moments.count - 1 - random(3))]
                let answer: TokenAnswer =
                    random(4) == 0
                    ? .failure(.sessionEnded)
                    : .success(PermissionSet(rawValue: UInt8(random(8))))
                memory.remember(answer, of: Self.token(token), since: moment.0)
                plain.remember(answer, of: token, since: moment.1)
            case 6...7:
                let user = UserID(UUID(high: 1, low: UInt64(token % 3)))
                memory.accessChanged(of: user)
                plain.change { $0.user == user }
            case 8 where random(10) == 0:
                memory.accessChanged()
                plain.change { _ in true }
            case 9 where random(10) == 0:
                memory.listeningEnded()
                plain.listening(false)
            case 9:
                memory.listeningBegan()
                plain.listening(true)
            default: seconds += random(90)
            }
            moments.append((memory.now, plain.changes))
            let tail = TokenTail(Self.token(looked).span)
            let known = tail.flatMap { memory.token(with: $0, at: time) }
            let expected = plain.look(looked, at: time)
            #expect(
                known?.claims == expected?.claims && known?.answer == expected?.answer,
                "seed \(seed), step \(step)")
        }
    }
}
