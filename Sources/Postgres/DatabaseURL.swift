/// The address of a database, as operators write it in `DATABASE_URL`.
///
/// Accepted are libpq's connection URIs and `key=value` strings (PostgreSQL documentation, section
/// 34.1.1), and SQLAlchemy's `postgresql+driver://`, whose driver is dropped and whose query is
/// written as libpq reads it: `ssl` becomes `sslmode`, `+` a space, several `host=name:port` become
/// lists. Neither the description nor a reflection shows the password.
package struct DatabaseURL: Sendable {
    /// The driver that was named after a `+` in the scheme and is of no use here; nil if none was.
    package let droppedDriver: String?
    /// libpq's keywords with the values that were given, and no others.
    private let given: [(name: String, value: String)]

    /// Parses `text` and lets libpq check it. Nothing is looked up and nothing is connected.
    package init(parsing text: String) throws(InvalidDatabaseURL) {
        guard !text.isEmpty else { throw .empty }
        guard !text.utf8.contains(0) else { throw .malformed }
        if let uri = try ConnectionURI(text) {
            droppedDriver = uri.driver
            guard let options = ConnectionOptions(parsing: uri.text) else { throw uri.fault }
            given = options.given
        } else {
            droppedDriver = nil
            guard let options = ConnectionOptions(parsing: text) else { throw .malformed }
            given = options.given
        }
        try checkValues()
    }

    /// Keywords and values for `PQconnectdbParams` and `PQconnectStartParams`.
    ///
    /// They are those that were given, with UTF-8 as the encoding and `user-management` as the name
    /// of the application unless another was given.
    package var keywords: [(name: String, value: String)] { keywords(overriding: []) }

    /// ``keywords`` with `overrides` in place of what was given; `options` are appended instead,
    /// because each is a list of settings of its own.
    package func keywords(
        overriding overrides: [(name: String, value: String)]
    ) -> [(name: String, value: String)] {
        var keywords = [(name: "fallback_application_name", value: "user-management")]
        for (name, value) in given + overrides + [("client_encoding", "UTF8")] {
            guard let index = keywords.firstIndex(where: { $0.name == name }) else {
                keywords.append((name, value))
                continue
            }
            keywords[index].value = name == "options" ? "\(keywords[index].value) \(value)" : value
        }
        return keywords
    }

    /// Checks the values that libpq looks at only when it connects, when its message would quote
    /// them: a stray `:` can make a part of a password a port.
    private func checkValues() throws(InvalidDatabaseURL) {
        for (name, value) in given {
            if name == "port", !value.split(separator: ",").allSatisfy(isPort) {
                throw .invalidPort
            }
            if name == "sslmode", !sslModes.contains(value) { throw .invalidSSLMode }
        }
    }
}

/// The values of `sslmode` (PostgreSQL documentation, section 34.1.2).
private let sslModes = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"]

/// Whether `text` is a decimal number from 1 to 65535 without a sign.
private func isPort(_ text: Substring) -> Bool {
    text.first != "+" && UInt16(text).map { $0 > 0 } ?? false
}

extension DatabaseURL: CustomStringConvertible, CustomReflectable {
    /// Host, port, database and user as far as they were given, for logs.
    package var description: String {
        let shown = ["host", "port", "dbname", "user"].compactMap { name in
            given.first { $0.name == name }.map { "\(name)=\($0.value)" }
        }
        return shown.isEmpty ? "the default database" : shown.joined(separator: " ")
    }

    /// Nothing but the description, so that no dump of a value that holds this one tells more.
    package var customMirror: Mirror { Mirror(self, children: ["description": description]) }
}

/// Why a text is not the address of a database; never a part of it that could be a password.
package enum InvalidDatabaseURL: Error, Equatable, Sendable {
    /// The text is empty.
    case empty
    /// The scheme of the URI is not PostgreSQL's.
    case unsupportedScheme
    /// A user name or a password holds a delimiter that is not percent-encoded.
    case unencodedDelimiter
    /// libpq cannot read the text.
    case malformed
    /// libpq knows no parameter of this name, which stands in the query of the URI.
    case unknownParameter(String)
    /// A port is no number from 1 to 65535.
    case invalidPort
    /// The TLS mode is none of libpq's.
    case invalidSSLMode
}

extension InvalidDatabaseURL: CustomStringConvertible {
    /// One line for the operator that says what is accepted.
    package var description: String {
        switch self {
        case .empty: "it is empty; write postgresql://user:password@host:5432/database"
        case .unsupportedScheme:
            "its scheme is neither postgresql:// nor postgres:// (a +driver is accepted)"
        case .unencodedDelimiter:
            "an @ follows where none may; in a user name or password write @ as %40 and / as %2F"
        case .malformed:
            "it is neither a connection URI (write % as %25) nor a list of key=value pairs"
        case .unknownParameter(let name): "it has a parameter '\(name)' that libpq does not know"
        case .invalidPort:
            "its port is not a number from 1 to 65535; in a password write / as %2F and : as %3A"
        case .invalidSSLMode:
            "its sslmode is none of disable, allow, prefer, require, verify-ca and verify-full"
        }
    }
}
