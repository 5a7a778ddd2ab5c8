package import Ambient
package import Users

/// Access tokens that were verified, so that a token costs one check of its signature, and what
/// their users may do, or why they are refused, so that it costs one look at the database.
///
/// The second is only kept while somebody listens to what the database tells of changes, and is
/// forgotten when it tells one. The first holds until the token runs out. Tokens are kept in two
/// generations: when the younger has as many as it may, or is as old as it may be, the elder is
/// thrown away.
package struct TokenMemory: Sendable {
    /// Tells whether something was forgotten between asking and remembering.
    package struct Moment: Equatable, Sendable {
        fileprivate let changeCount: UInt64
    }

    /// Tokens of one generation.
    package static let generationCountMax = 4096
    /// Seconds after which a generation is the elder one.
    package static let generationSeconds: Int64 = 600

    private var younger = TokenGeneration()
    private var elder = TokenGeneration()
    private var youngerSince = Timestamp(microsecondsSince1970: 0)
    private var changeCount: UInt64 = 0
    private var isListening = false

    /// Makes an empty memory that nobody listens for.
    package init() {}

    /// What is remembered at `time` of a token with this tail.
    package mutating func token(with tail: TokenTail, at time: Timestamp) -> RememberedToken? {
        guard let token = entry(tail, at: time) else { return nil }
        guard time < token.claims.expiresAt else {
            younger.remove(tail)
            return nil
        }
        return token
    }

    /// The moment at which the database is asked.
    package var now: Moment { Moment(changeCount: changeCount) }

    /// Remembers a token that was verified at `time`.
    package mutating func remember(_ token: [UInt8], _ claims: TokenClaims, at time: Timestamp) {
        guard let tail = TokenTail(token.span) else { return }
        ageIfNeeded(at: time)
        elder.remove(tail)
        younger.insert(RememberedToken(octets: token, claims: claims, answer: nil), tail)
    }

    /// Remembers what the user of a token may do, or why it is refused, unless that may have
    /// changed since the database was asked, or nobody listens.
    package mutating func remember(
        _ answer: TokenAnswer, of token: [UInt8], since moment: Moment
    ) {
        guard isListening, moment == now, let tail = TokenTail(token.span),
            younger[tail]?.isSame(as: token.span) == true
        else { return }
        younger.take(answer, tail)
    }

    /// Forgets what the tokens of a user allow.
    package mutating func accessChanged(of user: UserID) {
        changeCount += 1
        younger.forgetAccess(of: user)
        elder.forgetAccess(of: user)
    }

    /// Forgets what every token allows.
    package mutating func accessChanged() {
        changeCount += 1
        younger.forgetAccess()
        elder.forgetAccess()
    }

    /// From now on every change is told.
    package mutating func listeningBegan() {
        accessChanged()
        isListening = true
    }

    /// From now on changes may go untold.
    package mutating func listeningEnded() {
        isListening = false
        accessChanged()
    }

    /// The token with this tail, in the younger generation from now on.
    private mutating func entry(_ tail: TokenTail, at time: Timestamp) -> RememberedToken? {
        if let token = younger[tail] { return token }
        guard let token = elder.remove(tail) else { return nil }
        ageIfNeeded(at: time)
        younger.insert(token, tail)
        return token
    }

    private mutating func ageIfNeeded(at time: Timestamp) {
        let isOld = time >= youngerSince.advanced(bySeconds: Self.generationSeconds)
        guard isOld || younger.count >= Self.generationCountMax else { return }
        elder = younger
        younger = TokenGeneration()
        youngerSince = time
    }
}

/// Some of the tokens that are remembered, by their tails, and the tails of each user's tokens:
/// what changes of one user costs nothing of the others.
private struct TokenGeneration: Sendable {
    private var tokens: [TokenTail: RememberedToken] = [:]
    private var tails: [UserID: Set<TokenTail>] = [:]

    var count: Int { tokens.count }

    subscript(tail: TokenTail) -> RememberedToken? { tokens[tail] }

    /// Inserts a token in place of the one with this tail, if there is one.
    mutating func insert(_ token: RememberedToken, _ tail: TokenTail) {
        remove(tail)
        tokens[tail] = token
        tails[token.claims.user, default: []].insert(tail)
    }

    @discardableResult
    mutating func remove(_ tail: TokenTail) -> RememberedToken? {
        guard let token = tokens.removeValue(forKey: tail) else { return nil }
        let user = token.claims.user
        tails[user]?.remove(tail)
        if tails[user]?.isEmpty == true { tails[user] = nil }
        return token
    }

    /// Takes note of what a token allows, if anything; nil if that has to be asked.
    mutating func take(_ answer: TokenAnswer?, _ tail: TokenTail) {
        guard let token = tokens[tail], token.answer != answer else { return }
        tokens[tail] = RememberedToken(octets: token.octets, claims: token.claims, answer: answer)
    }

    mutating func forgetAccess(of user: UserID) {
        for tail in tails[user] ?? [] { take(nil, tail) }
    }

    mutating func forgetAccess() {
        for tail in tokens.keys { take(nil, tail) }
    }
}

/// What the database says of a token that was verified: what its user may do, or why it is refused.
package typealias TokenAnswer = Result<PermissionSet, AccessRefusal>

/// A token that was verified, and what its user may do: a reference, so that finding one copies
/// nothing.
package final class RememberedToken: Sendable {
    fileprivate let octets: [UInt8]
    /// What it says.
    package let claims: TokenClaims
    /// What its user may do, or why it is refused; nil if that has to be asked.
    package let answer: TokenAnswer?

    fileprivate init(octets: [UInt8], claims: TokenClaims, answer: TokenAnswer?) {
        self.octets = octets
        self.claims = claims
        self.answer = answer
    }

    /// Whether it is this one; how long that takes tells nothing of how much of it is right.
    package func isSame(as token: Span<UInt8>) -> Bool {
        guard octets.count == token.count else { return false }
        var difference: UInt8 = 0
        for index in octets.indices { difference |= octets[index] ^ token[index] }
        return difference == 0
    }
}

/// The last octets of a token, which belong to its signature: they tell tokens apart, and nobody
/// who does not have a token knows them.
package struct TokenTail: Hashable, Sendable {
    private static let octetCount = 16

    private let high: UInt64
    private let low: UInt64

    /// Nil for octets that are too few to be a token.
    package init?(_ token: Span<UInt8>) {
        guard token.count >= Self.octetCount else { return nil }
        var (high, low): (UInt64, UInt64) = (0, 0)
        for offset in 0..<8 {
            high = high << 8 | UInt64(token[token.count - Self.octetCount + offset])
            low = low << 8 | UInt64(token[token.count - 8 + offset])
        }
        (self.high, self.low) = (high, low)
    }

    /// Half of it is enough: it is part of a signature, which nobody chooses.
    package func hash(into hasher: inout Hasher) { hasher.combine(low) }
}
