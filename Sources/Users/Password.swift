import TextNormalization

/// A password that a user has chosen, in NFKC. It shows itself to nobody but ``revealed``.
package struct Password: Hashable, Sendable {
    /// The password as such: to be hashed, and never to be logged or stored.
    package let revealed: String

    /// Normalises a password (NFKC) and checks it against a policy and the
    /// ``CommonPasswords``.
    package init(parsing text: String, under policy: PasswordPolicy) throws(InvalidValue) {
        guard text.utf8.count <= PasswordPolicy.octetsMax else {
            throw PasswordPolicy.tooLong
        }
        let normalised = UnicodeText.nfkc(text)
        try policy.check(Array(normalised.unicodeScalars))
        guard !CommonPasswords.contains(normalised) else {
            throw InvalidValue(
                .passwordCommon, "The password is among those that are guessed first.")
        }
        revealed = normalised
    }

    /// Checks that the password has neither the local part of the user's address in it nor the
    /// user's name, in whatever case, unless those are shorter than
    /// ``PasswordPolicy/givenTextCountMin``.
    package func check(email: EmailAddress, displayName: DisplayName) throws(InvalidValue) {
        if contains(String(email.localPart)) {
            throw InvalidValue(
                .passwordContainsEmail, "The password has the e-mail address's local part in it.")
        }
        if contains(displayName.rawValue) {
            throw InvalidValue(.passwordContainsName, "The password has the display name in it.")
        }
    }

    private func contains(_ text: String) -> Bool {
        let given = Array(UnicodeText.caseFolded(UnicodeText.nfkc(text)).unicodeScalars)
        guard given.count >= PasswordPolicy.givenTextCountMin else { return false }
        let password = Array(UnicodeText.caseFolded(revealed).unicodeScalars)
        guard given.count <= password.count else { return false }
        return (0...(password.count - given.count)).contains { start in
            password[start..<(start + given.count)].elementsEqual(given)
        }
    }
}

extension Password: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The same for every password.
    package var description: String { "Password(hidden)" }

    /// The same for every password.
    package var debugDescription: String { description }

    /// A mirror that shows nothing, so that `dump` and interpolation show nothing either.
    package var customMirror: Mirror { Mirror(self, children: []) }
}
