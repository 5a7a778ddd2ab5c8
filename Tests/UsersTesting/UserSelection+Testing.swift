package import Users

extension UserSelection {
    /// Whether `user` is among those selected.
    package func contains(_ user: User) -> Bool {
        (includesDeleted || user.deletedAt == nil)
            && createdAfter.map { user.createdAt > $0 } ?? true
            && createdBefore.map { user.createdAt < $0 } ?? true
            && email.map { user.email.key == $0.key } ?? true
            && externalID.map { user.externalID == $0 } ?? true
            && ids?.contains(user.id) ?? true
            && status.map { user.status == $0 } ?? true
            && role.map { user.roles.names.contains($0) } ?? true
            && term.map { user.isFound(by: $0) } ?? true
    }
}

extension UserSelection.Order {
    /// The place of `user` in a list of this order.
    package func cursor(of user: User) -> UserCursor {
        switch self {
        case .newestFirst, .oldestFirst: UserCursor(.time(user.createdAt), user.id)
        case .email: UserCursor(.text(user.email.key), user.id)
        case .displayName: UserCursor(.text(user.searchText.rawValue), user.id)
        }
    }

    /// Whether `left` comes before `right` in a list of this order.
    package func places(_ left: UserCursor, before right: UserCursor) -> Bool {
        switch (left.key, right.key) {
        case (.time(let leftTime), .time(let rightTime)):
            self == .oldestFirst
                ? (leftTime, left.id) < (rightTime, right.id)
                : (leftTime, left.id) > (rightTime, right.id)
        case (.text(let leftText), .text(let rightText)):
            leftText.utf8.elementsEqual(rightText.utf8)
                ? left.id < right.id
                : leftText.utf8.lexicographicallyPrecedes(rightText.utf8)
        case (.time, .text), (.text, .time):
            preconditionFailure("Places of two orders.")
        }
    }
}

extension User {
    fileprivate var searchText: SearchText {
        SearchText(displayName: displayName, email: email)
    }

    fileprivate func isFound(by term: SearchTerm) -> Bool {
        let text = searchText.rawValue
        return term.isPrefix ? text.hasPrefix(term.folded) : text.contains(term.folded)
    }
}
