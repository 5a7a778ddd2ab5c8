import Testing

@Suite("Documentation")
struct DocumentationTests {
    @Test func `every name that other modules see has its comment`() throws {
        try expectNoFindings(of: Documentation.findings)
    }

    @Test(arguments: [
        "package struct S {}", "public func f() {}", "package private(set) var x = 1",
        "extension S {\n    package static let x = 1\n}", "@frozen\npackage struct S {}",
        "/// A comment.\n\npackage struct S {}", "// A comment.\npackage struct S {}",
        "/// A.\npackage enum E {\n    case one\n}", "/// A.\nlet x = 1\npackage init() {}",
        "/// A.\npackage enum E {\n    /// B.\n    case one\n    case two\n}",
        "/// A.\npackage protocol P {\n    func f()\n}",
        "/// A.\npackage enum E {\n    case one(x: Int = 1)\n}",
        "/// A.\npackage enum E: A,\n    B\n{\n    indirect case one(E)\n}",
    ])
    func `a name without a comment is found`(_ sample: Sample) {
        #expect(findings(sample).count == 1)
    }

    @Test(arguments: [
        "/// A.\npackage struct S {}", "/// A.\n/// B.\n@frozen\npackage struct S {}",
        "/// A.\n@available(\n    *, deprecated\n)\npackage func f() {}",
        "/// A.\n// swift-format-ignore\npackage struct S {}", "package import HTTP",
        "struct S {\n    var x = 1\n}", "enum E {\n    case one\n}", "extension S {}",
        """
        /// A.
        package enum E {
            /// B.
            case one
            func f() {
                switch self {
                case .one: break
                }
            }
        }
        """,
        "/// A.\npackage protocol P {\n    /// B.\n    func f()\n}\nstruct S {\n    let x = 1\n}",
        "/// A.\npackage enum E: String {\n    case one = \"1\"\n}",
        "// package struct S {}", "let x = \"package struct S {}\"",
    ])
    func `a name with one, and a name that nobody sees, pass`(_ sample: Sample) {
        #expect(findings(sample) == [])
    }

    private func findings(_ sample: Sample) -> [Finding] {
        Documentation.findings(in: SourceFile(path: "Sources/X/X.swift", text: sample.text + "\n"))
    }
}
