/// The beginning of a declaration, as far as it stands on one line.
struct Declaration {
    let modifiers: [Substring]
    /// What is declared: `func`, `case`, `import` and so on.
    let keyword: Substring
    /// The code behind the keyword.
    let rest: Substring

    /// Reads a line of code; nil if no declaration begins there.
    init?(_ code: Substring) {
        var reader = Reader(rest: code.trimmed)
        var modifiers: [Substring] = []
        while true {
            while reader.skipAttribute() {}
            let word = reader.readWord()
            if word == "class", Self.keywords.contains(reader.nextWord) {
                modifiers.append(word)
            } else if Self.keywords.contains(word) {
                keyword = word
                break
            } else if Self.modifiers.contains(word) {
                modifiers.append(word)
                reader.skipArguments()
            } else {
                return nil
            }
        }
        self.modifiers = modifiers
        rest = reader.rest.trimmed
    }

    /// Whether other modules see what is declared.
    var isVisibleOutside: Bool {
        modifiers.contains { ["package", "public", "open"].contains($0) }
    }

    private static let keywords: Set<Substring> = [
        "actor", "associatedtype", "case", "class", "deinit", "enum", "extension", "func", "import",
        "init", "let", "macro", "operator", "precedencegroup", "protocol", "struct", "subscript",
        "typealias", "var",
    ]

    private static let modifiers: Set<Substring> = [
        "borrowing", "consuming", "convenience", "distributed", "dynamic", "fileprivate", "final",
        "indirect", "infix", "internal", "isolated", "lazy", "mutating", "nonisolated",
        "nonmutating", "open", "optional", "override", "package", "postfix", "prefix", "private",
        "public", "required", "static", "unowned", "unsafe", "weak",
    ]

    private struct Reader {
        var rest: Substring

        var nextWord: Substring { rest.drop { $0 == " " }.prefix(while: isOfWord) }

        mutating func readWord() -> Substring {
            let word = nextWord
            rest = rest.drop { $0 == " " }.dropFirst(word.count)
            return word
        }

        mutating func skipAttribute() -> Bool {
            let code = rest.drop { $0 == " " }
            guard code.first == "@" else { return false }
            rest = code.dropFirst().drop { isOfWord($0) || $0 == "." }
            skipArguments()
            return true
        }

        mutating func skipArguments() {
            guard rest.first == "(" else { return }
            var depth = 0
            repeat {
                let next = rest.removeFirst()
                if next == "(" { depth += 1 }
                if next == ")" { depth -= 1 }
            } while depth > 0 && !rest.isEmpty
        }

        private func isOfWord(_ character: Character) -> Bool {
            character.isLetter || character.isNumber || character == "_"
        }
    }
}
