package import Users

/// A hasher that shows which password it was given.
package struct FakeHasher: PasswordHasher {
    /// Makes a hasher.
    package init() {}

    package func hash(_ password: Password) async throws(UserError) -> String {
        "hash of \(password.revealed)"
    }
}

/// A hasher whose queue is full.
package struct OverloadedHasher: PasswordHasher {
    /// Makes a hasher.
    package init() {}

    package func hash(_ password: Password) async throws(UserError) -> String {
        throw .unavailable(.overloaded, cause: nil)
    }
}
