import Testing

/// A cache has to forget whom a statement changes, so each that does is a `UserChange`.
@Suite("Statements that change users")
struct UserChangeTests {
    /// What is written past it, since nothing that is shown of a user changes: a hash of the same
    /// password, and the text for searches.
    private static let others = [
        "Sources/AuthenticationPostgres/PostgresAuthenticationRepository+Ending.swift": 1,
        "Sources/UsersPostgres/SearchTextFilling.swift": 1,
    ]

    /// How many statements a file has that write users, less those that are a `UserChange`.
    private static func unannounced(in file: SourceFile) -> Int {
        let text = file.lines.filter { $0.comment.isEmpty }.map(\.text).joined(separator: "\n")
        return text.matches(of: /(UPDATE|UPDATE ONLY|DELETE FROM|MERGE INTO) users\b/).count
            - text.matches(of: /= UserChange</).count
    }

    @Test func `all of them are changes that a cache hears of`() throws {
        var found: [String: Int] = [:]
        for file in try Repository.files where file.tree == "Sources" {
            let count = Self.unannounced(in: file)
            if count != 0 { found[file.path] = count }
        }
        #expect(found == Self.others)
    }

    @Test(arguments: [
        (#"let a = Statement<A, B>("a", .write, "UPDATE users SET b = 1")"#, 1),
        (#"let a = UserChange<A, B>("a", "DELETE FROM users WHERE id = $1")"#, 0),
        ("// UPDATE users SET b = 1", 0), (#"let a = "UPDATE users_of SET b = 1""#, 0),
    ])
    func `one that is not is found`(text: String, expected: Int) {
        #expect(Self.unannounced(in: SourceFile(path: "Sources/X/X.swift", text: text)) == expected)
    }
}
