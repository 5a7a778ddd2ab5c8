import HTTP
import HTTPTypes
import Users

/// The entity tag of a user: its version, with a mark for the representation (docs/api.md).
enum VersionTag {
    /// The value of `ETag` for what `caller` sees of a user.
    static func fieldValue(of version: Int64, for caller: Caller) -> String {
        // Not by interpolation, which would be the dearest part of an answer's head.
        "\"" + String(version) + (caller.may(.readAdminMetadata) ? "-a\"" : "\"")
    }

    /// The versions that `If-Match` allows.
    /// - Throws: 400 for a malformed field.
    static func precondition(of request: Request) throws(Problem) -> VersionPrecondition {
        guard let condition = try condition(.ifMatch, of: request) else { return .any }
        switch condition {
        case .any: return .any
        case .tags(let tags):
            return .oneOf(Set(tags.lazy.filter { !$0.isWeak }.compactMap { version(of: $0) }))
        }
    }

    /// Whether `If-None-Match` names this version.
    /// - Throws: 400 for a malformed field.
    static func isNamed(_ version: Int64, by request: Request) throws(Problem) -> Bool {
        try isNamed(version, by: request, orInGzip: true)
    }

    /// Whether `If-None-Match` says that the client has this version already, and in a form that it
    /// would be sent: what is in gzip counts only for whoever still prefers that, since otherwise
    /// the representation that is selected has another tag (RFC 9110 §13.1.2).
    /// - Throws: 400 for a malformed field.
    static func isKnown(_ version: Int64, to request: Request) throws(Problem) -> Bool {
        try isNamed(version, by: request, orInGzip: request.head.fields.prefersGzip)
    }

    private static func isNamed(
        _ version: Int64, by request: Request, orInGzip: Bool
    ) throws(Problem) -> Bool {
        switch try condition(.ifNoneMatch, of: request) {
        case nil: false
        case .any: true
        case .tags(let tags):
            tags.contains {
                self.version(of: $0) == version && (orInGzip || $0.ofInflated == nil)
            }
        }
    }

    /// Whether `If-None-Match: *` says that there must be nothing yet.
    /// - Throws: 400 for a malformed field.
    static func wantsNone(_ request: Request) throws(Problem) -> Bool {
        try condition(.ifNoneMatch, of: request) == .any
    }

    private static func condition(
        _ name: HTTPField.Name, of request: Request
    ) throws(Problem) -> EntityTagCondition? {
        guard let value = request.head.fields.value(of: name) else { return nil }
        guard let condition = EntityTagCondition(parsing: value) else {
            throw Problem(
                of: .malformedCondition,
                detail: "\(name.rawName) is * or a list of quoted entity tags.")
        }
        return condition
    }

    /// The version in a tag of any of a user's representations; nil for a foreign tag.
    private static func version(of tag: EntityTag) -> Int64? {
        let plain = tag.ofInflated ?? tag
        let parts = plain.opaque.split(separator: "-", omittingEmptySubsequences: false)
        guard let digits = parts.first, let version = Int64(digits), "\(version)" == digits,
            [[], ["a"]].contains(parts.dropFirst())
        else { return nil }
        return version
    }
}
