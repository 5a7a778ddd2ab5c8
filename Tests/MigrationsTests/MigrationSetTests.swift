import Migrations
import Testing

@Suite("All files together")
struct MigrationSetTests {
    @Test func `files come in the order of their numbers`() throws {
        let set = try MigrationSet([
            makeTable(2, named: "second"), makeTable(3, named: "third"),
            makeTable(1, named: "first"),
        ])
        #expect(try set == threeTables())
        #expect(set.head == Revision(number: 3))
    }

    @Test func `no file at all is refused`() {
        #expect(throws: MigrationError.noFiles) { try MigrationSet([]) }
    }

    @Test func `a number that two files have is refused`() throws {
        let files = try [makeTable(1, named: "first"), makeTable(1, named: "other")]
        #expect(throws: MigrationError.duplicate(Revision(number: 1))) { try MigrationSet(files) }
    }

    @Test(arguments: [([2, 3], 1), ([1, 3], 2), ([1, 2, 3, 9], 4)])
    func `a missing number is refused`(numbers: [Int], missing: Int) throws {
        let files = try numbers.map { try makeTable($0, named: "table") }
        #expect(throws: MigrationError.missingFile(Revision(number: missing))) {
            try MigrationSet(files)
        }
    }
}
