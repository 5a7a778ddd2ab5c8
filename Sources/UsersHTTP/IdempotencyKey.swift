import Ambient
import HTTP
import Tokens
import Users

/// What a client calls an attempt at making a user: 1 to 128 visible characters of ASCII.
struct IdempotencyKey {
    /// How many octets a key has.
    static let lengths = 1...128
    private static let visible: ClosedRange<UInt8> = 0x21...0x7e

    private let octets: [UInt8]

    /// The key of a request; nil if it has none.
    /// - Throws: 400 for a malformed one.
    init?(of request: Request) throws(Problem) {
        guard let octets = request.head.fields.octets(of: .idempotencyKey) else { return nil }
        guard Self.lengths.contains(octets.count), octets.allSatisfy(Self.visible.contains) else {
            throw Problem(
                of: .malformedIdempotencyKey,
                detail: "An Idempotency-Key is \(Self.lengths.lowerBound) to "
                    + "\(Self.lengths.upperBound) visible characters of ASCII, without spaces.")
        }
        self.octets = Array(octets)
    }

    /// The attempt that a request of a caller is, which nobody else can make.
    func attempt(
        of request: Request, as caller: Caller, _ content: [UInt8], keys: UserKeys
    ) -> RegistrationAttempt {
        // Both kinds of callers take the same number of octets, so that no two say the same.
        let (kind, high, low): (UInt8, UInt64, UInt64) =
            switch caller {
            case .unauthenticated: (0, request.client.high, request.client.low)
            case .authenticated(let id, _): (1, id.uuid.high, id.uuid.low)
            }
        var name = [kind]
        name.append(bigEndian: high)
        name.append(bigEndian: low)
        name += octets
        return RegistrationAttempt(
            name: keys.attempts.code(of: name), content: keys.contents.code(of: content))
    }
}
