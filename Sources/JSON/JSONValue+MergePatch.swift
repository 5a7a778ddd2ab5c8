extension JSONValue {
    /// This value after the merge patch `patch` (RFC 7396 §2): an object's members replace or, if
    /// null, remove the members of the same name; any other value replaces this one.
    package func mergePatched(with patch: JSONValue) -> JSONValue {
        guard case .object(let changes) = patch else { return patch }
        guard case .object(let object) = self else {
            return .object(JSONObject().mergePatched(with: changes))
        }
        return .object(object.mergePatched(with: changes))
    }
}

extension JSONObject {
    /// This object after the merge patch `patch` (RFC 7396 §2). Members that stay keep their order,
    /// new ones follow in the order of the patch.
    package func mergePatched(with patch: JSONObject) -> JSONObject {
        var result = JSONObject()
        for member in members {
            guard let change = patch[member.name] else {
                _ = result.append(member.name, member.value)
                continue
            }
            if change != .null {
                _ = result.append(member.name, member.value.mergePatched(with: change))
            }
        }
        for change in patch.members where change.value != .null && self[change.name] == nil {
            _ = result.append(change.name, JSONValue.null.mergePatched(with: change.value))
        }
        return result
    }
}
