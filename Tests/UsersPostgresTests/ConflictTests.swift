import Testing
import Users
import UsersPostgres
import UsersTesting

@Suite("What only one user may have")
struct ConflictTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var number = 2
        var email: String?
        var externalID: String?
        let expected: String?
    }

    static let cases = [
        Case(testDescription: "the same address", email: "ada@a.example", expected: "emailTaken"),
        Case(
            testDescription: "the address in capitals", email: "ADA@A.EXAMPLE",
            expected: "emailTaken"),
        Case(testDescription: "another address", email: "ada+1@a.example", expected: nil),
        Case(
            testDescription: "the same external id", externalID: "crm",
            expected: "externalIDTaken"),
        Case(testDescription: "the external id in capitals", externalID: "CRM", expected: nil),
        Case(testDescription: "the external id and a space", externalID: "crm ", expected: nil),
        Case(testDescription: "none of both", expected: nil),
    ]

    @Test(arguments: cases + [Case(testDescription: "the same id", number: 1, expected: "idTaken")])
    func `a new user has an address and ids of their own`(_ given: Case) async throws {
        let user = try Sample.bareUser(
            given.number, email: given.email, externalID: given.externalID)
        try await withRepository { repository in
            _ = try await repository.users.insert(first, passwordHash: nil)
            let error = await failure { () throws(UserError) in
                _ = try await repository.users.insert(user, passwordHash: nil)
            }
            #expect(error?.kind == given.expected)
            let stored = try await repository.users.page(of: .all, after: nil, limit: 10).items
            #expect(stored.count == (given.expected == nil ? 2 : 1))
        }
    }

    @Test(arguments: cases)
    func `a changed user has an address and an external id of their own`(
        _ given: Case
    ) async throws {
        let user = try Sample.bareUser(2)
        var changes = UserChanges()
        changes.externalID = .set(given.externalID.map(ExternalID.init(trusted:)))
        if let email = given.email { changes.email = .set(try EmailAddress(parsing: email)) }
        let wanted = changes
        try await withRepository { repository in
            _ = try await repository.users.insert(first, passwordHash: nil)
            _ = try await repository.users.insert(user, passwordHash: nil)
            let error = await failure { () throws(UserError) in
                _ = try await repository.users.update(
                    user.id, wanted, expecting: nil, at: Sample.time)
            }
            #expect(error?.kind == given.expected)
            let stored = try await repository.users.user(withID: user.id)
            #expect(stored?.version == (given.expected == nil ? 2 : 1))
        }
    }

    @Test func `of users who register one address at once, one does`() async throws {
        let users = try (0..<16).map { number in
            try Sample.bareUser(
                number, email: number.isMultiple(of: 2) ? "Ada@a.example" : "ADA@A.example")
        }
        try await withRepository { repository in
            let errors = await withTaskGroup(of: UserError?.self) { group in
                for user in users {
                    group.addTask {
                        await failure { () throws(UserError) in
                            _ = try await repository.users.insert(user, passwordHash: nil)
                        }
                    }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(errors.count { $0 == nil } == 1)
            #expect(errors.compactMap { $0?.kind } == Array(repeating: "emailTaken", count: 15))
            let row = try repository.row("SELECT count(*) FROM users")
            #expect(row == ["1"])
        }
    }

    private var first: User {
        get throws { try Sample.bareUser(1, email: "Ada@a.example", externalID: "crm") }
    }
}
