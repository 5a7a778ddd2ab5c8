/// Tells code from comments in Swift source.
///
/// Strings and names between backticks are neither, but what a string interpolates is code. What
/// does not belong to a part stands there as spaces, so that line numbers and indentation stay.
struct SourceLexer {
    private(set) var code: [UInt8]
    private(set) var comments: [UInt8]
    private let source: [UInt8]
    private var index = 0

    init(_ text: String) {
        source = Array(text.utf8)
        code = source.map { $0 == UInt8(ascii: "\n") ? $0 : UInt8(ascii: " ") }
        comments = code
        scanCode(isInterpolated: false)
    }

    /// Scans to the end or, behind `\`, to the parenthesis that closes the one it begins with.
    private mutating func scanCode(isInterpolated: Bool) {
        var depth = 0
        while index < source.count {
            switch source[index] {
            case UInt8(ascii: "/") where octet(at: index + 1) == UInt8(ascii: "/"):
                scanLineComment()
            case UInt8(ascii: "/") where octet(at: index + 1) == UInt8(ascii: "*"):
                scanBlockComment()
            case UInt8(ascii: "\""), UInt8(ascii: "#"):
                scanStringOrOctet()
            case UInt8(ascii: "`"):
                index += 1
                while let next = octet(at: index), next != UInt8(ascii: "`") { index += 1 }
                index += 1
            case let other:
                if other == UInt8(ascii: "(") { depth += 1 }
                if other == UInt8(ascii: ")") { depth -= 1 }
                takeCode()
                if isInterpolated, depth == 0 { return }
            }
        }
    }

    private mutating func scanLineComment() {
        while let next = octet(at: index), next != UInt8(ascii: "\n") { takeComment() }
    }

    private mutating func scanBlockComment() {
        var depth = 0
        repeat {
            if sees("/*") {
                depth += 1
                takeComment()
            } else if sees("*/") {
                depth -= 1
                takeComment()
            }
            takeComment()
        } while depth > 0 && index < source.count
    }

    /// Scans a string with its number signs, if one begins here, and one octet of code otherwise.
    private mutating func scanStringOrOctet() {
        let signs = source[index...].prefix { $0 == UInt8(ascii: "#") }
        guard octet(at: signs.endIndex) == UInt8(ascii: "\"") else { return takeCode() }
        index = signs.endIndex
        let quotes = sees("\"\"\"") ? "\"\"\"" : "\""
        index += quotes.utf8.count
        let hashes = String(repeating: "#", count: signs.count)
        scanString(endingWith: quotes + hashes, escapes: "\\" + hashes)
    }

    private mutating func scanString(endingWith end: String, escapes: String) {
        while index < source.count, !sees(end) {
            guard sees(escapes) else {
                index += 1
                continue
            }
            index += escapes.utf8.count
            if octet(at: index) == UInt8(ascii: "(") {
                scanCode(isInterpolated: true)
            } else {
                index += 1
            }
        }
        index += end.utf8.count
    }

    private mutating func takeCode() {
        code[index] = source[index]
        index += 1
    }

    private mutating func takeComment() {
        comments[index] = source[index]
        index += 1
    }

    private func octet(at index: Int) -> UInt8? {
        index < source.count ? source[index] : nil
    }

    private func sees(_ text: String) -> Bool {
        source[index...].starts(with: text.utf8)
    }
}
