/// Steps through `; name=value` parameters, whose values are tokens or quoted strings
/// (RFC 9110 §5.6.6).
struct ParameterReader {
    private var position: Int
    private let end: Int

    init(_ range: Range<Int>) {
        position = range.lowerBound
        end = range.upperBound
    }

    var isAtEnd: Bool {
        position == end
    }

    /// Steps over `octet`; stays where it is when something else comes.
    mutating func take(_ octet: UInt8, in bytes: Span<UInt8>) -> Bool {
        guard position < end, bytes[position] == octet else { return false }
        position += 1
        return true
    }

    /// Steps over `octet` and the white space around it; stays where it is when something else
    /// comes.
    mutating func takeSpaced(_ octet: UInt8, in bytes: Span<UInt8>) -> Bool {
        let next = endOfWhitespace(from: position, in: bytes)
        guard next < end, bytes[next] == octet else { return false }
        position = endOfWhitespace(from: next + 1, in: bytes)
        return true
    }

    /// Steps over a token; `nil` when none comes.
    mutating func token(in bytes: Span<UInt8>) -> Range<Int>? {
        let start = position
        while position < end, OctetClass.token.contains(bytes[position]) { position += 1 }
        return position > start ? start..<position : nil
    }

    /// Steps over a quoted string and gives what it stands for; `nil` when none comes, or one
    /// that does not end.
    mutating func quotedString(in bytes: Span<UInt8>) -> [UInt8]? {
        guard position < end, bytes[position] == ASCII.quote else { return nil }
        var content: [UInt8] = []
        var index = position + 1
        while index < end {
            if bytes[index] == ASCII.quote {
                position = index + 1
                return content
            }
            if bytes[index] == ASCII.backslash {
                index += 1
                guard index < end, OctetClass.fieldValue.contains(bytes[index]) else { return nil }
            } else if !OctetClass.quotedText.contains(bytes[index]) {
                return nil
            }
            content.append(bytes[index])
            index += 1
        }
        return nil
    }

    private func endOfWhitespace(from start: Int, in bytes: Span<UInt8>) -> Int {
        var index = start
        while index < end, ASCII.isWhitespace(bytes[index]) { index += 1 }
        return index
    }
}
