import Testing

@Suite("Code, comments and strings are told apart")
struct SourceLexerTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let source: String
        let code: String
        var comments = ""
        var testDescription: String { source }
    }

    @Test(arguments: [
        Case(source: "a // b", code: "a", comments: "// b"),
        Case(source: "a /* b /* c */ d */ e", code: "a                   e"),
        Case(source: "a / b", code: "a / b"),
        Case(source: #"a("b")"#, code: "a(   )"),
        Case(source: #"a("\"b") c"#, code: "a(     ) c"),
        Case(source: ##"a(#"\"#) b"##, code: "a(     ) b"),
        Case(source: #"a("\(b("c")) d") e"#, code: "a(  (b(   ))   ) e"),
        Case(source: ##"a(#"\#(b)\(c)"#)"##, code: "a(    (b)      )"),
        Case(source: #"a("// b") // c"#, code: "a(      )", comments: "// c"),
        Case(source: "#expect(a)", code: "#expect(a)"),
        Case(source: "func `a \"b`()", code: "func       ()"),
    ])
    func `on a line`(_ given: Case) throws {
        let line = try #require(SourceFile(path: "X.swift", text: given.source).lines.first)
        #expect(line.text == given.source)
        #expect(line.code.hasPrefix(given.code))
        #expect(line.code.dropFirst(given.code.count).trimmed.isEmpty)
        #expect(given.comments.isEmpty || line.comment == given.comments)
    }

    @Test func `over several lines`() {
        let text = "let a = \"\"\"\n    \"b\" // c\n    \"\"\"\n/* d\n   e */ f\n"
        let lines = SourceFile(path: "X.swift", text: text).lines
        #expect(lines.map(\.number) == [1, 2, 3, 4, 5])
        #expect(lines.map(\.code.trimmed) == ["let a =", "", "", "", "f"])
        #expect(lines.map(\.comment) == ["", "", "", "/* d", "e */"])
    }

    @Test(arguments: ["\"", "\"\"\"", "/*", "`", "\"\\(", "#", "\"\\"])
    func `what is left open ends with the file`(_ text: String) {
        #expect(SourceFile(path: "X.swift", text: text).lines.count == 1)
    }
}
