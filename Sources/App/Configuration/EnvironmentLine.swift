/// One line of a `.env` file: nothing, or a name and its value.
///
/// The grammar is the part that shells, Docker Compose and python-dotenv read alike:
/// `NAME=value`, with `export ` before it if need be. A value without quotes ends at ` #` or at the
/// end of the line; one in single quotes stands for itself; in double quotes `\n`, `\r`, `\t`,
/// `\\`, `\"` and `\$` are escapes. There is no interpolation: `$` stands for itself everywhere.
enum EnvironmentLine: Equatable, Sendable {
    /// A blank line or a comment.
    case empty
    /// `NAME=value`, quotes and escapes resolved.
    case assignment(name: String, value: String)

    /// Parses one line, given without its line break.
    init(parsing line: Substring) throws(EnvironmentLineFault) {
        guard !line.unicodeScalars.contains(where: Self.isForbidden) else {
            throw .controlCharacter
        }
        var scanner = EnvironmentLineScanner(rest: line.unicodeScalars)
        scanner.skipBlanks()
        if scanner.isAtEndOrComment {
            self = .empty
            return
        }
        let name = try scanner.name()
        self = .assignment(name: name, value: try scanner.value())
    }

    /// Control characters other than the tab: none of them can be meant.
    private static func isForbidden(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.generalCategory == .control && scalar != "\t"
    }
}

/// Why a line of a `.env` file cannot be read. A value is never part of it: it may be a secret.
package enum EnvironmentLineFault: Error, Hashable, Sendable {
    /// The line begins with no `NAME=`.
    case noAssignment
    /// White space stands before or after the `=`.
    case blankAroundEqualsSign
    /// A quotation mark stands inside a value without quotes.
    case quoteInsideValue
    /// The closing quotation mark is missing.
    case unterminatedQuote
    /// Something other than a comment follows the closing quotation mark.
    case textAfterQuote
    /// A backslash in double quotes is followed by a character that it does not escape.
    case unknownEscape
    /// The line holds a control character.
    case controlCharacter
}

extension EnvironmentLineFault: CustomStringConvertible {
    /// What is wrong, and what would be right.
    package var description: String {
        switch self {
        case .noAssignment: "expected NAME=value, a comment or a blank line"
        case .blankAroundEqualsSign: "there may be no space around the ="
        case .quoteInsideValue: "a value that holds a quotation mark must be quoted as a whole"
        case .unterminatedQuote: "the closing quotation mark is missing"
        case .textAfterQuote: "only a comment may follow the closing quotation mark"
        case .unknownEscape: #"in double quotes a \ may stand before n, r, t, \, " and $ only"#
        case .controlCharacter: "control characters are not allowed"
        }
    }
}

/// What is left of a line while it is read.
private struct EnvironmentLineScanner {
    var rest: Substring.UnicodeScalarView

    /// Whether nothing but a comment is left.
    var isAtEndOrComment: Bool { rest.isEmpty || rest.first == "#" }

    mutating func skipBlanks() {
        rest = rest.drop(while: Self.isBlank)
    }

    /// Takes `export `, the name and the equals sign.
    mutating func name() throws(EnvironmentLineFault) -> String {
        var name = takeName()
        if String(name) == "export", rest.first.map(Self.isBlank) == true {
            skipBlanks()
            name = takeName()
        }
        guard let first = name.first, !Self.isDigit(first) else { throw .noAssignment }
        if rest.first != "=" {
            skipBlanks()
            throw rest.first == "=" ? .blankAroundEqualsSign : .noAssignment
        }
        rest.removeFirst()
        return String(name)
    }

    /// Takes everything after the equals sign.
    mutating func value() throws(EnvironmentLineFault) -> String {
        guard let first = rest.first else { return "" }
        if first == "'" || first == "\"" {
            rest.removeFirst()
            let value = try quotedValue(endingWith: first)
            skipBlanks()
            guard isAtEndOrComment else { throw .textAfterQuote }
            return value
        }
        return try plainValue()
    }

    private mutating func quotedValue(
        endingWith quote: Unicode.Scalar
    ) throws(EnvironmentLineFault) -> String {
        var value = String.UnicodeScalarView()
        while let scalar = rest.popFirst() {
            switch scalar {
            case quote: return String(value)
            case "\\" where quote == "\"": value.append(try escapedScalar())
            default: value.append(scalar)
            }
        }
        throw .unterminatedQuote
    }

    private mutating func escapedScalar() throws(EnvironmentLineFault) -> Unicode.Scalar {
        switch rest.popFirst() {
        case "n": return "\n"
        case "r": return "\r"
        case "t": return "\t"
        case "\\": return "\\"
        case "\"": return "\""
        case "$": return "$"
        case nil: throw .unterminatedQuote
        default: throw .unknownEscape
        }
    }

    private mutating func plainValue() throws(EnvironmentLineFault) -> String {
        let startsBlank = rest.first.map(Self.isBlank) == true
        var value = String.UnicodeScalarView()
        while let scalar = rest.popFirst() {
            if scalar == "#", value.last.map(Self.isBlank) == true { break }
            guard scalar != "'", scalar != "\"" else { throw .quoteInsideValue }
            value.append(scalar)
        }
        while let last = value.last, Self.isBlank(last) { value.removeLast() }
        guard value.isEmpty || !startsBlank else { throw .blankAroundEqualsSign }
        return String(value)
    }

    /// Takes the longest run of letters, digits and underscores of ASCII.
    private mutating func takeName() -> Substring.UnicodeScalarView {
        let name = rest.prefix { scalar in
            switch scalar {
            case "A"..."Z", "a"..."z", "0"..."9", "_": true
            default: false
            }
        }
        rest = rest[name.endIndex...]
        return name
    }

    private static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
        scalar == " " || scalar == "\t"
    }

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool {
        ("0"..."9").contains(scalar)
    }
}
