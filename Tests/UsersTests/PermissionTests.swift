import Ambient
import Testing
import Users
import UsersTesting

@Suite("Who may do what")
struct PermissionTests {
    static let everyAction: [UserAction] =
        [
            .register, .registerWhileClosed, .registerWithoutPassword, .read, .list,
            .readDeleted, .readAdminMetadata, .replace, .delete, .deleteForGood, .restore,
            .readRoles, .manageRoles,
        ] + UserMember.allCases.map(UserAction.write)

    /// What users may do with themselves.
    static let own: Set<UserAction> = [
        .register, .read, .delete, .write(.displayName), .write(.locale), .write(.timeZone),
        .write(.metadata),
    ]

    @Test(arguments: everyAction)
    func `without a token everybody registers and does nothing else`(_ action: UserAction) async {
        let isOpen = action == .register
        #expect(Caller.unauthenticated.may(action) == isOpen)
        let error = await failure { () throws(UserError) in
            try Caller.unauthenticated.require(action)
        }
        if isOpen {
            #expect(error == nil)
        } else if case .notPermitted(let refused) = error {
            #expect(refused == action)
        } else {
            Issue.record("Not refused: \(action).")
        }
    }

    @Test(arguments: everyAction)
    func `who has a token may do what its permissions allow`(_ action: UserAction) {
        let id = UserID(UUID(high: 1, low: 2))
        let other = UserID(UUID(high: 1, low: 3))
        for permission in Permission.allCases {
            let caller = Caller.authenticated(id, PermissionSet(permission))
            let isAllowed = action == .register || action.permission == permission
            #expect(caller.may(action) == isAllowed)
            #expect(caller.may(action, with: other) == isAllowed)
            #expect(caller.may(action, with: id) == (isAllowed || Self.own.contains(action)))
            #expect(caller.id == id)
        }
        #expect(Caller.authenticated(id, []).may(action) == (action == .register))
        #expect(Caller.administrator.may(action, with: other))
        #expect(Caller.unauthenticated.id == nil)
    }

    @Test(arguments: everyAction)
    func `every action has the permission that allows it`(_ action: UserAction) {
        let expected: Permission =
            switch action {
            case .read, .list, .readDeleted: .usersRead
            case .write(.roles), .readRoles, .manageRoles: .rolesWrite
            default: .usersWrite
            }
        #expect(action.permission == expected)
    }

    @Test func `with the password again users change their own address and nothing else`() {
        let id = UserID(UUID(high: 1, low: 2))
        let other = UserID(UUID(high: 1, low: 3))
        for action in Self.everyAction {
            let caller = Caller.authenticated(id, [])
            #expect(caller.mayWithPassword(action, with: id) == (action == .write(.email)))
            #expect(!caller.mayWithPassword(action, with: other))
            #expect(!Caller.unauthenticated.mayWithPassword(action, with: id))
        }
    }

    @Test func `only who may do everything changes just anybody`() {
        let id = UserID(UUID(high: 1, low: 2))
        let other = UserID(UUID(high: 1, low: 3))
        #expect(Caller.administrator.limit(with: other) == nil)
        let caller = Caller.authenticated(id, [.usersWrite, .usersRead])
        #expect(caller.limit(with: other) == [.usersWrite, .usersRead])
        #expect(caller.limit(with: id) == nil)
        #expect(caller.limit == [.usersWrite, .usersRead])
        #expect(Caller.unauthenticated.limit == [])
    }
}
