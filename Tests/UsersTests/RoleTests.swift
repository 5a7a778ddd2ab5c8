import Testing
import Users

@Suite("Roles")
struct RoleTests {
    @Test(arguments: ["a", "admin", "a1_-", "a" + String(repeating: "z", count: 62)])
    func `a role's name is accepted`(_ text: String) throws {
        #expect(try RoleName(parsing: text).rawValue == text)
    }

    @Test(arguments: [
        "", "A", "Admin", "1a", "_a", "-a", "a b", "a.b", "ä", "aä", "a\0", "a\n",
        "a" + String(repeating: "z", count: 63),
    ])
    func `anything else is no role's name`(_ text: String) {
        #expect(parse(text, as: RoleName.self) == .fault(.invalidRole))
    }

    @Test func `a set of roles is sorted by octets and has each once`() throws {
        let names = ["b", "a_", "a-", "a", "b", "a0"].map(RoleName.init(trusted:))
        #expect(try RoleSet(names).names.map(\.rawValue) == ["a", "a-", "a0", "a_", "b"])
    }

    @Test func `a user holds at most 16 roles`() throws {
        let names = (0..<17).map { RoleName(trusted: "r\($0)") }
        #expect(try RoleSet(Array(names.prefix(16)) + names.prefix(3)).names.count == 16)
        #expect(outcome { () throws(InvalidValue) in try RoleSet(names) } == .fault(.tooManyRoles))
    }
}
