package import JSON
package import Users

/// Turns the members of a request's JSON into domain values and gathers every fault on the way.
package struct MemberReader {
    /// Longest array whose elements are looked at. Each may have a fault, and what tells of one is
    /// forty times as long as a short element.
    static let elementsMax = 64

    private let object: JSONObject
    /// What is wrong so far.
    private(set) var faults: [UserFault] = []

    /// Reads the members of `value`, which must be an object.
    package init(_ value: JSONValue) throws(UserError) {
        guard case .object(let object) = value else {
            throw .invalid([
                UserFault(pointer: "", InvalidValue(.wrongType, "The body is a JSON object."))
            ])
        }
        self.object = object
    }

    /// The member as it was sent; nil if it was not.
    package subscript(name: String) -> JSONValue? { object[name] }

    /// Throws if anything was wrong.
    package func finish() throws(UserError) {
        guard faults.isEmpty else { throw .invalid(faults) }
    }

    /// Notes a fault of a member.
    mutating func note(_ member: UserMember, _ invalid: InvalidValue) {
        faults.append(UserFault(member, invalid))
    }

    /// Notes a fault at a place.
    package mutating func note(pointer: String, _ invalid: InvalidValue) {
        faults.append(UserFault(pointer: pointer, invalid))
    }

    /// A text that must be there.
    package mutating func required<Value: ParsableFromText>(_ member: UserMember) -> Value? {
        guard object[member.rawValue] != nil else {
            note(member, InvalidValue(.required, "The member is required."))
            return nil
        }
        return change(member).value
    }

    /// A text that may be absent or null.
    mutating func optional<Value: ParsableFromText>(_ member: UserMember) -> Value? {
        let change: Change<Value?> = clearableChange(member)
        return change.value ?? nil
    }

    /// A text that may be absent, but not null.
    mutating func change<Value: ParsableFromText>(_ member: UserMember) -> Change<Value> {
        guard let value = object[member.rawValue] else { return .keep }
        return parse(member, value, orNull: false).map(Change.set) ?? .keep
    }

    /// A text that may be absent; null clears it.
    mutating func clearableChange<Value: ParsableFromText>(
        _ member: UserMember
    ) -> Change<Value?> {
        switch object[member.rawValue] {
        case nil: .keep
        case .null: .set(nil)
        case .some(let value): parse(member, value, orNull: true).map(Change.set) ?? .keep
        }
    }

    /// A set of role names that may be absent.
    mutating func rolesChange() -> Change<RoleSet> {
        guard let value = object[UserMember.roles.rawValue] else { return .keep }
        let names: [RoleName]? = elements(
            of: value, at: UserMember.roles.pointer, eachCalled: "role", tooMany: .tooManyRoles)
        guard let names else { return .keep }
        do {
            return .set(try RoleSet(names))
        } catch {
            note(.roles, error)
            return .keep
        }
    }

    /// The elements of an array of texts that can be read; nil if it is none, or too long, which is
    /// noted by the code `tooMany`.
    mutating func elements<Value: ParsableFromText>(
        of value: JSONValue, at pointer: String, eachCalled kind: String, tooMany: FaultCode
    ) -> [Value]? {
        guard case .array(let elements) = value else {
            let fault = InvalidValue(.wrongType, "The member is an array of strings.")
            note(pointer: pointer, fault)
            return nil
        }
        guard elements.count <= Self.elementsMax else {
            let detail = "The member is an array of at most \(Self.elementsMax) strings."
            note(pointer: pointer, InvalidValue(tooMany, detail))
            return nil
        }
        var values: [Value] = []
        for (index, element) in elements.enumerated() {
            do throws(InvalidValue) {
                guard case .string(let text) = element else {
                    throw InvalidValue(.wrongType, "A \(kind) is a string.")
                }
                values.append(try Value(parsing: text))
            } catch {
                note(pointer: "\(pointer)/\(index)", error)
            }
        }
        return values
    }

    private mutating func parse<Value: ParsableFromText>(
        _ member: UserMember, _ value: JSONValue, orNull: Bool
    ) -> Value? {
        do throws(InvalidValue) {
            guard case .string(let text) = value else {
                let type = orNull ? "a string or null" : "a string"
                throw InvalidValue(.wrongType, "The member is \(type).")
            }
            return try Value(parsing: text)
        } catch {
            note(member, error)
            return nil
        }
    }
}
