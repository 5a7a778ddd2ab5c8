import Ambient
import JSON

/// One log line: four members that every line begins with, and the fields of this one.
struct LogLine {
    private let style: LogStyle
    private let severity: LogSeverity
    private let message: String
    private var members = JSONObject()

    /// How many members every line begins with.
    private static let commonCount = 4

    init(_ style: LogStyle, at time: Timestamp, severity: LogSeverity, message: String) {
        self.style = style
        self.severity = severity
        self.message = message
        add(.timestamp, .string(time.rfc3339))
        add(.logLevel, .string(severity.rawValue))
        add(.service, .string(style.service))
        add(.message, .string(message))
    }

    /// Adds a field; a name that the line has already gets an underscore after it, once.
    mutating func add(_ name: String, _ value: JSONValue) {
        if !members.append(name, value) { _ = members.append(name + "_", value) }
    }

    /// Adds a field under a key of the list.
    mutating func add(_ key: LogKey, _ value: JSONValue) {
        add(key.text, value)
    }

    /// The line in UTF-8, with the line break that ends it and no other.
    var octets: [UInt8] {
        switch style.format {
        case .json: JSONValue.object(members).text + [UInt8(ascii: "\n")]
        case .text: Array(text.utf8)
        }
    }

    private var text: String {
        let time = members.members[0].value.asText
        let level = severity.rawValue.padded(to: LogSeverity.nameLengthMax)
        let fields = members.members.dropFirst(Self.commonCount).map { field in
            " " + coloured(field.name.escapingControls, "2") + "=" + field.value.asText
        }
        return coloured(time, "2") + " " + coloured(level, severity.colour) + " "
            + message.escapingControls + fields.joined() + "\n"
    }

    /// Puts text into a colour, if this line has any (ECMA-48 §8.3.117).
    private func coloured(_ text: String, _ rendition: String) -> String {
        style.isColoured ? "\u{1B}[\(rendition)m\(text)\u{1B}[0m" : text
    }
}

extension JSONValue {
    /// The value for people: a text without quotes where it can be read without, else JSON.
    fileprivate var asText: String {
        if case .string(let text) = self, text.isBareWord { return text }
        return String(decoding: text, as: UTF8.self).escapingControls
    }
}

extension String {
    /// The text with control characters and line separators as JSON's escapes, so that it stays on
    /// its line and does nothing to a terminal.
    fileprivate var escapingControls: String {
        guard unicodeScalars.contains(where: \.isControl) else { return self }
        return unicodeScalars.reduce(into: "") { text, scalar in
            if scalar.isControl {
                let digits = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            } else {
                text.unicodeScalars.append(scalar)
            }
        }
    }

    /// Whether the text can stand after `key=` without quotes and still be told from what follows.
    fileprivate var isBareWord: Bool {
        guard !isEmpty else { return false }
        return unicodeScalars.allSatisfy { scalar in
            switch scalar {
            case "\"", "\\", "=": false
            default: !scalar.isControl && !scalar.properties.isWhitespace
            }
        }
    }

    fileprivate func padded(to length: Int) -> String {
        self + String(repeating: " ", count: max(0, length - count))
    }
}

extension Unicode.Scalar {
    /// Whether the scalar is a control character or ends a line; all of them are below U+10000.
    fileprivate var isControl: Bool {
        switch properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }
}
