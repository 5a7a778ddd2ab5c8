package import Ambient
import Synchronization
package import Users

/// Keeps users as the protocol asks, in memory.
package final class InMemoryRepository: UserRepository {
    /// What is kept, and what a test wants to happen.
    package struct State: Sendable {
        /// The users, deleted ones included.
        package var users: [UserID: User] = [:]
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

    /// Looks at what is kept, or changes it.
    package func inspect<Value: Sendable>(_ look: (inout sending State) -> Value) -> Value {
        state.withLock { look(&$0) }
    }

    package func insert(_ user: User, passwordHash: String?) async throws(UserError) -> User {
        try state.withLock { (state: inout sending State) throws(UserError) in
            try state.insert(user, passwordHash)
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
        _ user: User, passwordHash: String?,
        completing reservation: RegistrationAttempt.Reservation
    ) async throws(UserError) -> User? {
        try state.withLock { (state: inout sending State) throws(UserError) in
            let name = reservation.attempt.name
            guard state.isHeld(reservation) else { return nil }
            try state.insert(user, passwordHash)
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
                Array(sorted.prefix(limit.count + 1)), limit: limit, user: \.self,
                cursor: order.cursor(of:))
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
        _ id: UserID, _ changes: UserChanges, expecting version: Int64?, at time: Timestamp
    ) async throws(UserError) -> User? {
        try state.withLock { (state: inout sending State) throws(UserError) in
            state.updateCount += 1
            if !state.rivals.isEmpty {
                let rival = state.rivals.removeFirst()
                _ = try state.update(id, rival, expecting: nil, at: time)
            }
            return try state.update(id, changes, expecting: version, at: time)
        }
    }

    package func markDeleted(
        _ id: UserID, expecting version: Int64?, at time: Timestamp
    ) async throws(UserError) -> Bool {
        state.withLock { state in
            guard var user = state.match(id, version) else { return false }
            user.deletedAt = time
            user.updatedAt = time
            user.version += 1
            state.users[id] = user
            return true
        }
    }

    package func restore(
        _ id: UserID, expecting version: Int64?, at time: Timestamp
    ) async throws(UserError) -> User? {
        try state.withLock { (state: inout sending State) throws(UserError) in
            guard var user = state.users[id], user.deletedAt != nil,
                version == nil || version == user.version
            else { return nil }
            user.deletedAt = nil
            try state.checkUniqueness(of: user)
            user.updatedAt = time
            user.version += 1
            state.users[id] = user
            return user
        }
    }

    package func remove(_ id: UserID, expecting version: Int64?) async throws(UserError) -> Bool {
        state.withLock { state in
            guard let user = state.users[id], version == nil || version == user.version else {
                return false
            }
            state.users[id] = nil
            state.passwordHashes[id] = nil
            state.attempts = state.attempts.filter { $0.value.user?.id != id }
            return true
        }
    }
}

extension InMemoryRepository.State {
    fileprivate func isHeld(_ reservation: RegistrationAttempt.Reservation) -> Bool {
        guard let known = attempts[reservation.attempt.name] else { return false }
        return known.user == nil && known.end == reservation.end
    }

    fileprivate mutating func insert(_ user: User, _ passwordHash: String?) throws(UserError) {
        if !insertionErrors.isEmpty { throw insertionErrors.removeFirst() }
        guard users[user.id] == nil else { throw .idTaken }
        try checkUniqueness(of: user)
        users[user.id] = user
        passwordHashes[user.id] = passwordHash
    }

    fileprivate func match(_ id: UserID, _ version: Int64?) -> User? {
        guard let user = users[id], user.deletedAt == nil else { return nil }
        return version == nil || version == user.version ? user : nil
    }

    fileprivate func checkUniqueness(of user: User) throws(UserError) {
        for other in users.values where other.id != user.id && other.deletedAt == nil {
            if other.email.key == user.email.key { throw .emailTaken }
            if let id = user.externalID, id == other.externalID { throw .externalIDTaken }
        }
    }

    fileprivate mutating func update(
        _ id: UserID, _ changes: UserChanges, expecting version: Int64?, at time: Timestamp
    ) throws(UserError) -> User? {
        guard var user = match(id, version) else { return nil }
        if case .set(let value) = changes.externalID { user.externalID = value }
        if case .set(let value) = changes.email {
            user.isEmailVerified = user.isEmailVerified && user.email.rawValue == value.rawValue
            user.email = value
        }
        if case .set(let value) = changes.displayName { user.displayName = value }
        if case .set(let value) = changes.locale { user.locale = value }
        if case .set(let value) = changes.timeZone { user.timeZone = value }
        if case .set(let value) = changes.status { user.status = value }
        if case .set(let value) = changes.roles { user.roles = value }
        if case .set(let value) = changes.metadata { user.metadata = value }
        if case .set(let value) = changes.adminMetadata { user.adminMetadata = value }
        try checkUniqueness(of: user)
        user.updatedAt = time
        user.version += 1
        users[id] = user
        return user
    }
}
