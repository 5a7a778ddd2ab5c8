import HTTP
import Middleware
import RateLimiting
import TraceExport
import Users

/// Reads values out of an ``Environment`` and collects every fault on the way.
///
/// A value that is not set or refused is read as its default, so that the reading goes on;
/// ``read(from:_:)`` throws the result away when there was a fault.
package struct ConfigurationReader {
    /// What was wrong so far.
    package private(set) var faults: [ConfigurationFault]
    /// The names that were asked for so far.
    package private(set) var namesRead: Set<VariableName> = []

    private let environment: Environment

    private init(environment: Environment) {
        self.environment = environment
        faults = environment.fileFaults
    }

    /// Runs `body` on a new reader and returns what it read.
    ///
    /// - Throws: ``InvalidConfiguration`` with all faults, those of the `.env` file included.
    package static func read<Value>(
        from environment: Environment, _ body: (inout ConfigurationReader) -> Value
    ) throws(InvalidConfiguration) -> Value {
        var reader = ConfigurationReader(environment: environment)
        let value = body(&reader)
        guard reader.faults.isEmpty else { throw InvalidConfiguration(faults: reader.faults) }
        return value
    }

    /// A text as it was given.
    package mutating func string(_ name: VariableName, default standard: String) -> String {
        value(of: name, accepted: "a text") { $0 } ?? standard
    }

    /// A whole number in decimal digits.
    package mutating func integer(
        _ name: VariableName, default standard: Int, in range: ClosedRange<Int>
    ) -> Int {
        integer(name, in: range) ?? standard
    }

    /// A whole number in decimal digits, or nil if the variable is not set.
    package mutating func integer(_ name: VariableName, in range: ClosedRange<Int>) -> Int? {
        value(
            of: name, accepted: "a whole number from \(range.lowerBound) to \(range.upperBound)"
        ) { text in
            wholeNumber(parsing: text).flatMap { range.contains($0) ? $0 : nil }
        }
    }

    /// A TCP port other than the one that `other` says, or nil if the variable is not set; 0 stands
    /// for a free one.
    mutating func port(
        _ name: VariableName, otherThan other: VariableName, _ taken: Int
    ) -> Int? {
        value(of: name, accepted: "a port from 0 to 65535 that is not \(other.rawValue)") { text in
            wholeNumber(parsing: text).flatMap {
                (0...65_535).contains($0) && ($0 == 0 || $0 != taken) ? $0 : nil
            }
        }
    }

    /// A length of time such as `250ms`, `10s`, `5m` or `2h`, in whole milliseconds.
    package mutating func duration(
        _ name: VariableName, default standard: Duration, in range: ClosedRange<Duration>
    ) -> Duration {
        duration(name, in: range) ?? standard
    }

    /// A length of time, or nil if the variable is not set.
    package mutating func duration(
        _ name: VariableName, in range: ClosedRange<Duration>
    ) -> Duration? {
        let milliseconds = range.lowerBound.wholeMilliseconds...range.upperBound.wholeMilliseconds
        let value = quantity(
            name, on: .time, in: milliseconds, noun: "a duration",
            examples: "250ms, 10s, 5m or 2h")
        return value.map { .milliseconds($0) }
    }

    /// A size in octets such as `512`, `64KiB`, `1MiB` or `1GiB`.
    package mutating func byteSize(
        _ name: VariableName, default standard: Int, in range: ClosedRange<Int>
    ) -> Int {
        quantity(
            name, on: .size, in: range, noun: "a size in bytes", examples: "512, 64KiB or 1MiB"
        ) ?? standard
    }

    /// `true`, `1`, `yes` or `on`, and their opposites, in letters of either case.
    package mutating func boolean(_ name: VariableName, default standard: Bool) -> Bool {
        value(of: name, accepted: "true or false (or 1, 0, yes, no, on, off)") { text in
            switch text.lowercased() {
            case "true", "1", "yes", "on": true
            case "false", "0", "no", "off": false
            default: nil
            }
        } ?? standard
    }

    /// A limit such as `600/1m`, or `off`, which is nil.
    mutating func rateLimit(_ name: VariableName, default standard: RateLimit) -> RateLimit? {
        let choice = value(
            of: name, accepted: RateLimitChoice.accepted, parse: RateLimitChoice.init(parsing:))
        return switch choice {
        case .off: nil
        case .limit(let limit): limit
        case nil: standard
        }
    }

    /// An e-mail address; nil if the variable is not set.
    mutating func email(_ name: VariableName) -> EmailAddress? {
        value(of: name, accepted: "an e-mail address") { try? EmailAddress(parsing: $0) }
    }

    /// Networks in CIDR notation with commas between them; none if the variable is not set.
    mutating func networks(_ name: VariableName) -> [AddressRange] {
        value(of: name, accepted: "networks such as 10.0.0.0/8 or fd00::/8, with commas") { text in
            let parts = text.split { $0 == "," || $0 == " " }
            let networks = parts.compactMap { AddressRange(parsing: String($0)) }
            return networks.isEmpty || networks.count < parts.count ? nil : networks
        } ?? []
    }

    /// Origins with commas between them, or `*`; none if the variable is not set.
    mutating func origins(_ name: VariableName) -> AllowedOrigins {
        value(
            of: name, accepted: "origins such as https://app.example.com, with commas, or *",
            parse: AllowedOrigins.init(parsing:)) ?? .listed([])
    }

    /// Media types in lower case and without parameters, with commas between them.
    mutating func mediaTypes(_ name: VariableName, default standard: [String]) -> [String] {
        value(of: name, accepted: "media types such as application/json, with commas") { text in
            let members = text.split(separator: ",", omittingEmptySubsequences: false)
            let types = members.compactMap { member -> String? in
                let text = member.drop { $0 == " " }
                let type = MediaType(parsing: String(text))
                return type.flatMap { $0.essence == text ? $0.essence : nil }
            }
            return types.count == members.count ? types : nil
        } ?? standard
    }

    /// The address of a collector of traces; nil if the variable is not set.
    mutating func collector(_ name: VariableName) -> CollectorAddress? {
        value(
            of: name, accepted: CollectorAddress.accepted, mayHoldPassword: true,
            parse: CollectorAddress.init(parsing:))
    }

    /// `key=value` pairs with commas between them; none if the variable is not set.
    mutating func resourceAttributes(_ name: VariableName) -> [String: String] {
        value(
            of: name, accepted: "pairs such as deployment.environment.name=production, with commas",
            parse: TraceResource.attributes(parsing:)) ?? [:]
    }

    /// A number from 0 to 1 in decimals.
    mutating func fraction(_ name: VariableName, default standard: Double) -> Double {
        value(of: name, accepted: "a number from 0 to 1, such as 0.25") { text in
            guard text.wholeMatch(of: /[01](\.[0-9]{1,17})?/) != nil else { return nil }
            return Double(text).flatMap { $0 <= 1 ? $0 : nil }
        } ?? standard
    }

    /// One of the raw values of `Choice`, in letters of either case.
    package mutating func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ name: VariableName, default standard: Choice
    ) -> Choice {
        let words = Choice.allCases.map(\.rawValue).joined(separator: ", ")
        return value(of: name, accepted: "one of \(words)") { text in
            Choice(rawValue: text.lowercased())
        } ?? standard
    }

    /// A secret that must be given, as the variable or in the file that its `_FILE` form names.
    ///
    /// - Parameter accepted: What the value looks like, for the fault when there is none.
    package mutating func requiredSecret(_ name: VariableName, accepted: String) -> Secret {
        precondition(name.isSecret, "\(name.rawValue) is not registered as a secret.")
        namesRead.insert(name)
        do throws(ConfigurationFault) {
            if let value = try environment.secret(of: name) { return Secret(value) }
            faults.append(.missing(name: name.rawValue, accepted: accepted, isSecret: true))
        } catch {
            faults.append(error)
        }
        return Secret("")
    }

    /// A secret that may be given, as the variable or in the file that its `_FILE` form names; nil
    /// if it is not. A shorter one than `octetCountMin` is refused.
    package mutating func secret(_ name: VariableName, octetCountMin: Int = 1) -> Secret? {
        precondition(name.isSecret, "\(name.rawValue) is not registered as a secret.")
        namesRead.insert(name)
        do throws(ConfigurationFault) {
            guard let value = try environment.secret(of: name) else { return nil }
            guard value.utf8.count >= octetCountMin else {
                throw .malformed(
                    name: name.rawValue, given: nil,
                    accepted: "a text of at least \(octetCountMin) bytes")
            }
            return Secret(value)
        } catch {
            faults.append(error)
            return nil
        }
    }

    private mutating func quantity(
        _ name: VariableName, on scale: UnitScale, in range: ClosedRange<Int>, noun: String,
        examples: String
    ) -> Int? {
        let (least, most) = (scale.text(of: range.lowerBound), scale.text(of: range.upperBound))
        let accepted = "\(noun) from \(least) to \(most), such as \(examples)"
        return value(of: name, accepted: accepted) { text in
            scale.value(parsing: text).flatMap { range.contains($0) ? $0 : nil }
        }
    }

    /// The parsed value of a variable; nil if it is not set or, with a fault kept, malformed.
    /// - Parameter mayHoldPassword: Whether it is a URL, in whose user information there may be a
    ///   password by mistake; then a fault does not show it.
    private mutating func value<Value>(
        of name: VariableName, accepted: @autoclosure () -> String, mayHoldPassword: Bool = false,
        parse: (String) -> Value?
    ) -> Value? {
        precondition(!name.isSecret, "\(name.rawValue) is a secret and would show in a fault.")
        namesRead.insert(name)
        guard let text = environment.value(of: name) else { return nil }
        if let value = parse(text) { return value }
        let given = mayHoldPassword && text.contains("@") ? nil : text
        faults.append(.malformed(name: name.rawValue, given: given, accepted: accepted()))
        return nil
    }
}

/// Reads one to eighteen decimal digits, without a sign.
func wholeNumber(parsing text: String) -> Int? {
    let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
    guard text.utf8.count <= 18, text.utf8.allSatisfy(digits.contains) else { return nil }
    return Int(text)
}

extension Duration {
    /// The duration in milliseconds, fractions dropped.
    fileprivate var wholeMilliseconds: Int {
        Int(components.seconds) * 1000 + Int(components.attoseconds / 1_000_000_000_000_000)
    }
}
