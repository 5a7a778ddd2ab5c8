/// A stored hash in a format of crypt(5), its form and cost checked: whoever holds one may hand
/// it to crypt(3).
package struct CryptHash: Hashable, Sendable {
    /// The costs of bcrypt, logarithms of iterations, from its least on. 14 takes about a second;
    /// passlib's and most others' own choice is 12 or less.
    package static let bcryptCostRange = 4...14
    /// The rounds of sha-crypt, from its least on; passlib's own choice is up to 656,000.
    package static let shaRoundsRange = 1_000...1_000_000
    /// The parameters of yescrypt: what crypt_gensalt(3) writes for its costs 1 to 8, which take
    /// 1 to 128 MiB and at most a fifth of a second. Its default is `j9T`, 16 MiB.
    package static let yescryptParameters: Set<Substring> = [
        "j75", "j85", "j7T", "j8T", "j9T", "jAT", "jBT", "jCT",
    ]
    /// Octets of a password that bcrypt heeds; whoever makes such a hash cuts what is longer.
    package static let bcryptPasswordOctets = 72

    /// The hash as it is stored.
    package let rawValue: String
    /// Whether passwords are cut after ``bcryptPasswordOctets``.
    let isBcrypt: Bool

    /// Reads what follows `$2a$`, `$2b$` or `$2y$`: two digits of cost, and salt and tag in one.
    init(bcrypt text: String, fields: [Substring]) throws(PasswordHashingError) {
        guard fields.count == 2, fields[0].utf8.count == 2, HashText.isCrypt(fields[1], of: 53...53)
        else { throw .malformedHash }
        // One zero in front is part of the form.
        let digits = fields[0].hasPrefix("0") ? fields[0].dropFirst() : fields[0]
        let cost = try HashText.number(digits)
        guard Self.bcryptCostRange.contains(cost) else { throw .bcryptCostOutOfRange(cost) }
        (rawValue, isBcrypt) = (text, true)
    }

    /// Reads what follows `$5$`: rounds if they are not 5,000, salt, tag.
    init(sha256 text: String, fields: [Substring]) throws(PasswordHashingError) {
        try Self.checkSHA(fields, tagCharacters: 43)
        (rawValue, isBcrypt) = (text, false)
    }

    /// Reads what follows `$6$`: rounds if they are not 5,000, salt, tag.
    init(sha512 text: String, fields: [Substring]) throws(PasswordHashingError) {
        try Self.checkSHA(fields, tagCharacters: 86)
        (rawValue, isBcrypt) = (text, false)
    }

    /// Reads what follows `$7$`: one digit for log N, five each for r and p, salt; tag.
    init(scrypt text: String, fields: [Substring]) throws(PasswordHashingError) {
        guard fields.count == 2, HashText.isCrypt(fields[0], of: 11...97),
            HashText.isCrypt(fields[1], of: 43...43)
        else { throw .malformedHash }
        let digits = fields[0].utf8.prefix(11).compactMap(HashText.cryptDigit)
        _ = try ScryptCost(
            logN: digits[0], blockSize: Self.value(ofDigits: digits[1...5]),
            lanes: Self.value(ofDigits: digits[6...10]))
        (rawValue, isBcrypt) = (text, false)
    }

    /// Reads what follows `$y$`: parameters, salt, tag.
    init(yescrypt text: String, fields: [Substring]) throws(PasswordHashingError) {
        guard fields.count == 3, HashText.isCrypt(fields[1], of: 1...86),
            HashText.isCrypt(fields[2], of: 43...43)
        else { throw .malformedHash }
        guard Self.yescryptParameters.contains(fields[0]) else {
            throw .yescryptParametersNotListed
        }
        (rawValue, isBcrypt) = (text, false)
    }

    private static func checkSHA(
        _ fields: [Substring], tagCharacters: Int
    ) throws(PasswordHashingError) {
        let hasRounds = fields.count == 3
        guard hasRounds || fields.count == 2, isSHASalt(fields[fields.count - 2]),
            HashText.isCrypt(fields[fields.count - 1], of: tagCharacters...tagCharacters)
        else { throw .malformedHash }
        guard hasRounds else { return }
        let rounds = try HashText.number(fields[0], named: "rounds=")
        guard shaRoundsRange.contains(rounds) else { throw .roundsOutOfRange(rounds) }
    }

    /// Whether sha-crypt takes a salt: 1 to 16 characters that crypt(5) allows in a hash.
    private static func isSHASalt(_ salt: Substring) -> Bool {
        (1...16).contains(salt.utf8.count) && !salt.utf8.contains(where: ":;*!\\".utf8.contains)
    }

    /// The number that digits of crypt(5) stand for, the least one first.
    private static func value(ofDigits digits: ArraySlice<Int>) -> Int {
        digits.reversed().reduce(0) { $0 << 6 | $1 }
    }
}
