/// A Swift file of the repository, read apart into lines of code and of comments.
struct SourceFile: Sendable {
    struct Line: Sendable {
        /// Counted from 1.
        let number: Int
        /// The line as it stands in the file.
        let text: Substring
        /// The line without comments and strings.
        let code: Substring
        /// The line's comment with its slashes.
        let comment: Substring
    }

    /// The path from the root of the repository, such as `Sources/HTTP/Request.swift`.
    let path: String
    let lines: [Line]

    init(path: String, text: String) {
        self.path = path
        let lexer = SourceLexer(text)
        let texts = Self.lines(of: text)
        let codes = Self.lines(of: String(decoding: lexer.code, as: UTF8.self))
        let comments = Self.lines(of: String(decoding: lexer.comments, as: UTF8.self))
        lines = texts.indices.map { index in
            Line(
                number: index + 1, text: texts[index], code: codes[index],
                comment: comments[index].trimmed)
        }
    }

    /// The first folder of the path: `Sources`, `Tests` or `Benchmarks`.
    var tree: Substring { path.prefix { $0 != "/" } }

    /// The folder under that, which has the target's name.
    var target: Substring { path.dropFirst(tree.count + 1).prefix { $0 != "/" } }

    func finding(_ line: Line, _ message: String) -> Finding {
        Finding(path: path, line: line.number, message: message)
    }

    private static func lines(of text: String) -> [Substring] {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        if lines.last == "" { lines.removeLast() }
        return lines
    }
}

extension Substring {
    /// The text without spaces around it.
    var trimmed: Substring {
        var rest = drop { $0 == " " }
        while rest.last == " " { rest.removeLast() }
        return rest
    }
}
