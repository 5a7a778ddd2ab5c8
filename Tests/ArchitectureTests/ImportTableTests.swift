import Testing

@Suite("The import table")
struct ImportTableTests {
    private let table = ImportTable.current

    @Test func `every import stands in the table`() throws {
        try expectNoFindings(of: table.findings)
    }

    @Test func `every arrow points to a lower layer`() {
        #expect(table.risingArrows() == [])
    }

    @Test func `every folder in Sources has its row, and every row its folder`() throws {
        let strangers = try table.strangers(among: Repository.targets)
        #expect(strangers == [])
    }

    @Test(arguments: ["HTTP", "Routing"])
    func `requests and routes know no socket`(_ target: String) {
        // Ambient has the C library for its clock and its randomness alone.
        let reach = table.reach(of: target).subtracting(table.reach(of: "Ambient"))
        #expect(reach.isDisjoint(with: ["CLinux", "Reactor"]))
        #expect(table.imports(of: target).isDisjoint(with: ["Glibc"]))
    }

    @Test func `the domain knows neither HTTP nor SQL nor the loops`() {
        let foreign: Set = ["CLibpq", "HTTP", "HTTPTypes", "Postgres", "Reactor", "Routing"]
        #expect(table.reach(of: "Users").isDisjoint(with: foreign))
    }

    @Suite("on bad samples")
    struct Samples {
        private let table = ImportTable(rows: [
            .init(2, "Upper", ["Lower"], others: ["Glibc"]), .init(1, "Lower", ["Upper"]),
        ])

        @Test(arguments: [
            "import Other", "package import Other", "@preconcurrency import Other",
            "import struct Other.Thing", "  import Other  // why",
        ])
        func `an import beside the table is found`(_ text: String) {
            let file = SourceFile(path: "Sources/Upper/X.swift", text: "import Lower\n\(text)\n")
            #expect(table.findings(in: file).map(\.line) == [2])
        }

        @Test func `an import of the table passes, as does any of a test`() {
            let text = "import Glibc\npackage import Lower\n// import Other\n"
            let file = SourceFile(path: "Sources/Upper/X.swift", text: text)
            #expect(table.findings(in: file) == [])
            let test = SourceFile(path: "Tests/Upper/X.swift", text: "import Other\n")
            #expect(table.findings(in: test) == [])
        }

        @Test func `an arrow up and an arrow to nowhere are found`() {
            #expect(table.risingArrows() == ["Lower -> Upper"])
            let lost = ImportTable(rows: [.init(1, "One", ["None"])])
            #expect(lost.risingArrows() == ["One -> None"])
        }

        @Test func `a folder without a row and a row without a folder are found`() {
            #expect(table.strangers(among: ["Upper", "New"]) == ["Lower", "New"])
        }

        @Test func `what is reached through others counts`() {
            let table = ImportTable(rows: [
                .init(3, "A", ["B"]), .init(2, "B", ["C"], others: ["X"]), .init(1, "C"),
            ])
            #expect(table.reach(of: "A") == ["B", "C", "X"])
        }
    }
}
