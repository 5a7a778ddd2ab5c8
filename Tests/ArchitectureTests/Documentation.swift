/// What other modules can name has a `///` comment.
///
/// In `Sources` that is what says `package` or `public`, the cases of such enumerations and the
/// requirements of such protocols. A case needs none when its raw value says what it stands for.
struct Documentation {
    private enum Scope {
        case cases
        case requirements
        case other
    }

    private let file: SourceFile
    private var findings: [Finding] = []
    /// The braces that are open, the innermost last.
    private var scopes: [Scope] = []
    /// What the next brace opens.
    private var nextScope = Scope.other
    private var isDocumented = false
    /// The parentheses that are open in an attribute of several lines.
    private var attributeDepth = 0

    static func findings(in file: SourceFile) -> [Finding] {
        guard file.tree == "Sources" else { return [] }
        var reader = Documentation(file: file)
        for line in file.lines { reader.read(line) }
        return reader.findings
    }

    private init(file: SourceFile) { self.file = file }

    private mutating func read(_ line: SourceFile.Line) {
        let code = line.code.trimmed
        if code.isEmpty {
            // A plain comment may stand between, an empty line may not.
            isDocumented = line.comment.hasPrefix("///") || (isDocumented && !line.comment.isEmpty)
        } else if attributeDepth > 0 {
            attributeDepth += depth(of: code)
        } else if let declaration = Declaration(code) {
            check(declaration, at: line)
            follow(code, isVisibleOutside: declaration.isVisibleOutside, declaration.keyword)
        } else if code.hasPrefix("@") {
            attributeDepth = depth(of: code)
        } else {
            follow(code)
        }
    }

    private mutating func check(_ declaration: Declaration, at line: SourceFile.Line) {
        let isNamedOutside =
            switch scopes.last ?? .other {
            case .cases where declaration.keyword == "case": !hasRawValue(declaration)
            case .requirements: true
            case .cases, .other: declaration.isVisibleOutside && declaration.keyword != "import"
            }
        if isNamedOutside, !isDocumented {
            findings.append(file.finding(line, "This \(declaration.keyword) has no `///` comment."))
        }
    }

    /// Follows the braces of a line of code.
    private mutating func follow(
        _ code: Substring, isVisibleOutside: Bool = false, _ keyword: Substring = ""
    ) {
        isDocumented = false
        if isVisibleOutside, keyword == "enum" { nextScope = .cases }
        if isVisibleOutside, keyword == "protocol" { nextScope = .requirements }
        for octet in code.utf8 {
            if octet == UInt8(ascii: "{") {
                scopes.append(nextScope)
                nextScope = .other
            } else if octet == UInt8(ascii: "}") {
                _ = scopes.popLast()
            }
        }
    }

    private func hasRawValue(_ declaration: Declaration) -> Bool {
        declaration.rest.contains("=") && !declaration.rest.contains("(")
    }

    private func depth(of code: Substring) -> Int {
        code.count { $0 == "(" } - code.count { $0 == ")" }
    }
}
