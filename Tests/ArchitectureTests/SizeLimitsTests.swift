import Testing

@Suite("Sizes")
struct SizeLimitsTests {
    @Test func `every file, function and line keeps its limit`() throws {
        try expectNoFindings(of: SizeLimits.findings)
    }

    @Test func `a file of 301 lines is found, one of 300 is not`() {
        let lines = String(repeating: "let x = 1\n", count: 300)
        #expect(findings(lines) == [])
        #expect(findings(lines + "\n") == [0])
    }

    @Test func `a line of 101 columns is found, one of 100 is not`() {
        // Columns are characters: each of these has two octets.
        let line = "let x = \"" + String(repeating: "é", count: 90)
        #expect(findings("\n\(line)\"\n") == [])
        #expect(findings("\n\(line)é\"\n") == [2])
    }

    @Test(arguments: [
        "func f() {", "    package init(\n        x: Int\n    ) {",
        "    static func f(\n        body: () -> Void = {}\n    )\n    where T: P\n    {",
        "    @Test(arguments: [1]) func `a {`() async {", "    var x: Int {", "    deinit {",
    ])
    func `a function of 61 lines is found, one of 60 is not`(_ head: Sample) {
        let headCount = head.text.split(separator: "\n").count
        let body = String(repeating: "        if a { b() } // }\n", count: 59 - headCount)
        #expect(findings("\(head.text)\n\(body)    }\n") == [])
        #expect(findings("\(head.text)\n\(body)        c({ d })\n    }\n") == [1])
    }

    @Test func `a requirement has no body to measure`() {
        let text = "protocol P {\n    func f()\n    func g() -> Int\n}\n"
        #expect(findings(text + "struct S {\n" + String(repeating: "\n", count: 70) + "}\n") == [])
    }

    private func findings(_ text: String) -> [Int] {
        SizeLimits.findings(in: SourceFile(path: "Sources/X/X.swift", text: text)).map(\.line)
    }
}
