package import Ambient
import Synchronization
package import Users

/// Keeps users and roles as the protocols ask, in memory.
package final class InMemoryRepository: UserRepository {
    /// What is kept, and what a test wants to happen.
    package struct State: Sendable {
        /// The users, deleted ones included.
        package var users: [UserID: User] = [:]
        /// The roles, by name.
        package var roles: [RoleName: Role] = .builtIn
        /// The hashes of those users who have a password.
        package var passwordHashes: [UserID: String] = [:]
        /// The attempts that are known, by name.
        package var attempts: [[UInt8]: Attempt] = [:]
        /// What the next insertions fail with, one after the other.
        package var insertionErrors: [UserError] = []
        /// How often one user was looked up.
        package var readCount = 0
        /// How often an update was asked for.
        package var updateCount = 0
        /// Writers that come between a read and the next update, one for each update.
        package var rivals: [UserChanges] = []
    }

    /// What is known of an attempt.
    package struct Attempt: Sendable {
        /// What was asked for.
        package let content: [UInt8]
        /// The user as made.
        package var user: User?
        /// Until when it is known.
        package var end: Timestamp
    }

    private let state = Mutex(State())

    /// Makes a repository without users.
    package init() {}

    /// Adds a role of a well-formed name.
    package func addRole(_ name: String, _ permissions: PermissionSet = []) throws(InvalidValue) {
        let name = try RoleName(parsing: name)
        let time = Timestamp(microsecondsSince1970: 0)
        state.withLock {
            $0.roles[name] = Role(
                name: name, permissions: permissions, createdAt: time, updatedAt: time)
        }
    }

    /// Looks at what is kept, or changes it.
    package func inspect<Value: Sendable>(_ look: (inout sending State) -> Value) -> Value {
        state.withLock { look(&$0) }
    }

    package func insert(
        _ user: User, passwordHash: String?, within limit: PermissionSet?
    ) async throws(UserError) -> User {
        try state.withLock { (state: inout sending State) throws(UserError) in
            try state.insert(user, passwordHash, within: limit)
            return user
        }
    }

    package func reserve(
        _ reservation: RegistrationAttempt.Reservation
    ) async throws(UserError) -> RegistrationAttempt.Known? {
        state.withLock { state in
            let attempt = reservation.attempt
            if let known = state.attempts[attempt.name], known.end > reservation.start {
                return RegistrationAttempt.Known(content: known.content, user: known.user)
            }
            state.attempts[attempt.name] = Attempt(content: attempt.content, end: reservation.end)
            return nil
        }
    }

    package func insert(
        _ user: User, passwordHash: String?, within limit: PermissionSet?,
        completing reservation: RegistrationAttempt.Reservation
    ) async throws(UserError) -> User? {
        try state.withLock { (state: inout sending State) throws(UserError) in
            let name = reservation.attempt.name
            guard state.isHeld(reservation) else { return nil }
            try state.insert(user, passwordHash, within: limit)
            state.attempts[name]?.user = user
            state.attempts[name]?.end = reservation.memoryEnd
            return user
        }
    }

    package func release(_ reservation: RegistrationAttempt.Reservation) async throws(UserError) {
        state.withLock { state in
            if state.isHeld(reservation) { state.attempts[reservation.attempt.name] = nil }
        }
    }

    package func user(withID id: UserID) async throws(UserError) -> User? {
        state.withLock { state in
            state.readCount += 1
            return state.users[id].flatMap { $0.deletedAt == nil ? $0 : nil }
        }
    }

    package func userOrDeleted(withID id: UserID) async throws(UserError) -> User? {
        state.withLock { $0.users[id] }
    }

    package func page(
        of selection: UserSelection, after cursor: UserCursor?, limit: PageLimit
    ) async throws(UserError) -> UserPage {
        state.withLock { state in
            let order = selection.order
            let selected = state.users.values.filter { user in
                selection.contains(user)
                    && cursor.map { order.places($0, before: order.cursor(of: user)) } ?? true
            }
            let sorted = selected.sorted {
                order.places(order.cursor(of: $0), before: order.cursor(of: $1))
            }
            return UserPage(
                Array(sorted.prefix(limit.count + 1)), limit: limit, cursor: order.cursor(of:))
        }
    }

    package func count(
        of selection: UserSelection, isExact: Bool
    ) async throws(UserError) -> Int64? {
        state.withLock { state in
            isExact ? Int64(state.users.values.count(where: selection.contains)) : 1_000
        }
    }

    package func update(
        _ id: UserID, _ changes: UserChanges, if condition: WriteCondition, at time: Timestamp
    ) async throws(UserError) -> User? {
        try state.withLock { (state: inout sending State) throws(UserError) in
            state.updateCount += 1
            if !state.rivals.isEmpty {
                let rival = state.rivals.removeFirst()
                _ = try state.update(id, rival, if: WriteCondition(), at: time)
            }
            return try state.update(id, changes, if: condition, at: time)
        }
    }

    package func changeRoles(
        of id: UserID, by change: RoleChange, if condition: WriteCondition, at time: Timestamp
    ) async throws(UserError) -> User? {
        try state.withLock { (state: inout sending State) throws(UserError) in
            guard let user = state.match(id, condition), !change.keeps(user.roles) else {
                return nil
            }
            var changes = UserChanges()
            changes.roles = .set(try change.outcome(from: user.roles))
            return try state.update(id, changes, if: condition, at: time)
        }
    }

    package func permissions(of roles: [RoleName]) async throws(UserError) -> PermissionSet {
        state.withLock { $0.permissions(of: roles) }
    }

    package func markDeleted(
        _ id: UserID, if condition: WriteCondition, at time: Timestamp
    ) async throws(UserError) -> Bool {
        try state.withLock { (state: inout sending State) throws(UserError) in
            guard var user = state.match(id, condition) else { return false }
            try state.requireOtherAdministrator(than: user)
            user.deletedAt = time
            user.updatedAt = time
            user.version += 1
            state.users[id] = user
            return true
        }
    }

    package func restore(
        _ id: UserID, if condition: WriteCondition, at time: Timestamp
    ) async throws(UserError) -> User? {
        try state.withLock { (state: inout sending State) throws(UserError) in
            guard var user = state.users[id], user.deletedAt != nil, state.meets(user, condition)
            else { return nil }
            user.deletedAt = nil
            try state.checkUniqueness(of: user)
            user.updatedAt = time
            user.version += 1
            state.users[id] = user
            return user
        }
    }

    package func remove(
        _ id: UserID, if condition: WriteCondition, at time: Timestamp
    ) async throws(UserError) -> Bool {
        try state.withLock { (state: inout sending State) throws(UserError) in
            guard let user = state.users[id], state.meets(user, condition) else { return false }
            try state.requireOtherAdministrator(than: user)
            state.users[id] = nil
            state.passwordHashes[id] = nil
            state.attempts = state.attempts.filter { $0.value.user?.id != id }
            return true
        }
    }
}

extension InMemoryRepository: RoleRepository {
    package func roles() async throws(UserError) -> [Role] {
        state.withLock { $0.roles.values.sorted { $0.name < $1.name } }
    }

    package func role(named name: RoleName) async throws(UserError) -> Role? {
        state.withLock { $0.roles[name] }
    }

    package func insert(_ role: Role) async throws(UserError) -> Bool {
        try state.withLock { (state: inout sending State) throws(UserError) in
            guard state.roles.count < Role.countMax else { return false }
            guard state.roles[role.name] == nil else { throw .roleExists }
            state.roles[role.name] = role
            return true
        }
    }

    package func update(
        _ name: RoleName, _ permissions: PermissionSet, within limit: PermissionSet?,
        at time: Timestamp
    ) async throws(UserError) -> Role? {
        state.withLock { state in
            guard var role = state.roles[name], role.isWithin(limit) else { return nil }
            role.permissions = permissions
            role.updatedAt = time
            state.roles[name] = role
            return role
        }
    }

    package func remove(
        _ name: RoleName, within limit: PermissionSet?
    ) async throws(UserError) -> Bool {
        try state.withLock { (state: inout sending State) throws(UserError) in
            guard let role = state.roles[name], role.isWithin(limit) else { return false }
            guard !state.users.values.contains(where: { $0.roles.names.contains(name) }) else {
                throw .roleInUse
            }
            state.roles[name] = nil
            return true
        }
    }
}

extension Role {
    fileprivate func isWithin(_ limit: PermissionSet?) -> Bool {
        limit?.isSuperset(of: permissions) ?? true
    }
}
