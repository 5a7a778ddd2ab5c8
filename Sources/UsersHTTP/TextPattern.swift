package import JSON

/// What texts look like, as regular expressions (JSON Schema 2020-12 §6.3.3), wherever they stand:
/// in a member, in the query or in the path.
package enum TextPattern {
    /// A UUID in either case, without the ends of the text.
    static let uuid = "[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"
    /// One `@` with something on either side.
    package static let email: JSONValue = #"^[^@\u0000]+@[^@\u0000]+$"#
    /// No control.
    static let uncontrolled: JSONValue = #"^[^\u0000-\u001f\u007f-\u009f]*$"#
    /// The name of a role.
    static let role: JSONValue = "^[a-z][a-z0-9_-]{0,62}$"
}
