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

    /// Whether `If-None-Match` says that the client has this version already.
    /// - Throws: 400 for a malformed field.
    static func isKnown(_ version: Int64, to request: Request) throws(Problem) -> Bool {
        switch try condition(.ifNoneMatch, of: request) {
        case nil: false
        case .any: true
        case .tags(let tags): tags.contains { self.version(of: $0) == version }
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
        let parts = tag.opaque.split(separator: "-", omittingEmptySubsequences: false)
        guard let digits = parts.first, let version = Int64(digits), "\(version)" == digits,
            [[], ["a"], ["gzip"], ["a", "gzip"]].contains(parts.dropFirst().map(String.init))
        else { return nil }
        return version
    }
}
