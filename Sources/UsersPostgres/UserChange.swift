package import Postgres
package import Users

/// A statement that writes one user, if the user is there and as it must be: every `UPDATE` and
/// `DELETE` that changes what is shown of a user is one.
///
/// It can be run in one way, ``Postgres/ConnectionPool/row(_:_:forgettingIn:)``, so that no cache
/// is left with what the user was.
package struct UserChange<Input: Sendable, Output: Sendable>: Sendable {
    fileprivate let plain: Statement<Input, Output>
    /// The same, which tells all processes once it is committed: for those that have died before
    /// they could have the user forgotten, or did not hear of the commit.
    fileprivate let announced: Statement<Input, Output>
    fileprivate let user: @Sendable (Input) -> UserID

    /// Makes a change, of a statement that has the user's id as `$1` and ends with `RETURNING`;
    /// each call makes a different one, so it belongs in a constant.
    ///
    /// The parameters are those of a ``Statement``, but for `user`, which tells whose id it is.
    package init(
        _ name: StaticString, _ sql: String, batched: String? = nil, columns: [PostgresType],
        octetCount: Int = 64, user: @escaping @Sendable (Input) -> UserID,
        encode: @escaping Statement<Input, Output>.Encoding,
        decode: @escaping Statement<Input, Output>.Decoding
    ) {
        func statement(_ text: (String) -> String) -> Statement<Input, Output> {
            Statement(
                name, .write, text(sql), batched: batched.map(text), columns: columns,
                octetCount: octetCount, encode: encode, decode: decode)
        }
        plain = statement { $0 }
        announced = statement(UserChangeChannel.announcing)
        self.user = user
    }
}

/// Where changes of users are announced while there is a cache.
package enum UserChangeChannel {
    /// Its name. What is said is `user ID`.
    package static let name = ChannelName("user_management_users")

    /// Adds a notification for each row that is changed. Where nothing is changed there is none,
    /// since commits that have one wait for each other.
    fileprivate static func announcing(_ sql: String) -> String {
        """
        WITH changed AS (\(sql))
        SELECT changed.* FROM changed
        WHERE pg_notify('\(name.rawValue)', 'user ' || $1::text) IS NOT NULL
        """
    }
}

extension ConnectionPool {
    /// Runs a change, and has the user forgotten before it returns or throws, unless it is certain
    /// that nothing was changed and the caller is told nothing of the user by that.
    ///
    /// A user who was not as it must be is forgotten too: the caller learns that somebody else has
    /// changed it, who may have died in the moment after.
    /// - Throws: As ``row(_:_:)`` does.
    package nonisolated(nonsending) func row<Input, Output>(
        _ change: UserChange<Input, Output>, _ input: Input, forgettingIn cache: (any UserCache)?
    ) async throws(PostgresError) -> Output? {
        guard let cache else { return try await row(change.plain, input) }
        do {
            let output = try await row(change.announced, input)
            await cache.forget(change.user(input))
            return output
        } catch {
            if error.mayFollowCommit { await cache.forget(change.user(input)) }
            throw error
        }
    }
}

extension PostgresError {
    /// Whether a statement that ended with this may have been committed.
    fileprivate var mayFollowCommit: Bool {
        switch self {
        case .outcomeUnknown, .unexpectedResult, .timedOut(.statement), .timedOut(.transaction):
            true
        case .connectionFailed, .server, .connectionLost, .timedOut(.acquire), .timedOut(.connect),
            .cancelled, .overloaded, .closed, .invalidParameter, .invalidConfiguration:
            false
        }
    }
}
