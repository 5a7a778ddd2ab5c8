import Ambient
import Testing
import Users

@Suite("Who may do what")
struct PermissionTests {
    static let everyAction: [UserAction] =
        [
            .register, .registerWhileClosed, .registerWithoutPassword, .read, .list,
            .readDeleted, .readAdminMetadata, .replace, .delete, .deleteForGood, .restore,
        ] + UserMember.allCases.map(UserAction.write)

    static let open: Set<UserAction> = [
        .register, .registerWithoutPassword, .read, .list, .delete, .write(.email),
        .write(.displayName), .write(.locale), .write(.timeZone), .write(.metadata),
        .write(.password),
    ]

    @Test(arguments: everyAction)
    func `without a token only profiles are open`(_ action: UserAction) async {
        let isOpen = Self.open.contains(action)
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
        for permission in Permission.allCases {
            let caller = Caller.authenticated(id, [permission])
            #expect(caller.may(action) == (action.permission == permission))
            #expect(caller.id == id)
        }
        #expect(!Caller.authenticated(id, []).may(action))
        #expect(Caller.unauthenticated.id == nil)
    }

    @Test(arguments: everyAction)
    func `every action has the permission that allows it`(_ action: UserAction) {
        let expected: Permission =
            switch action {
            case .read, .list, .readDeleted: .usersRead
            case .write(.roles): .rolesWrite
            default: .usersWrite
            }
        #expect(action.permission == expected)
    }
}
