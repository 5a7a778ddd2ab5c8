package import Users

extension UserSelection {
    /// Whether `user`, who is not deleted, is among those selected.
    package func contains(_ user: User) -> Bool {
        createdAfter.map { user.createdAt > $0 } ?? true
            && createdBefore.map { user.createdAt < $0 } ?? true
            && email.map { user.email.key == $0.key } ?? true
            && externalID.map { user.externalID == $0 } ?? true
            && ids?.contains(user.id) ?? true
    }
}
