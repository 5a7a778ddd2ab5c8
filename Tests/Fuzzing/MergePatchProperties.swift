import JSON
import Users

/// What holds of merge patches.
enum MergePatchProperties {
    /// The octets before the cut are what is patched, those after it the patch.
    static func check(_ input: FuzzInput) throws(BrokenProperty) {
        guard let target = JSONProperties.value(of: Array(input.bytes[..<input.cut])),
            let patch = JSONProperties.value(of: Array(input.bytes[input.cut...]))
        else { return }
        let result = target.mergePatched(with: patch)
        let expected = patched(target, with: patch)
        try require(result == expected, "\(target) with \(patch) is \(result), not \(expected).")
        try require(
            result.text == expected.text, "Members that stay keep their order: \(result.text).")
        try require(
            result.mergePatched(with: patch) == result, "\(patch) does more the second time.")
        try require(
            JSONProperties.value(of: result.text) == result, "\(result) is a text no more.")
        try checkMetadata(target, patch, result)
    }

    /// RFC 7396 §2, word by word, on members in a list.
    private static func patched(_ target: JSONValue?, with patch: JSONValue) -> JSONValue {
        guard case .object(let changes) = patch else { return patch }
        var members: [(name: String, value: JSONValue?)] = []
        if case .object(let object)? = target {
            members = object.members.map { ($0.name, $0.value) }
        }
        for change in changes.members {
            let index = members.firstIndex { $0.name.utf8.elementsEqual(change.name.utf8) }
            if change.value == .null {
                if let index { members.remove(at: index) }
            } else if let index {
                members[index].value = patched(members[index].value, with: change.value)
            } else {
                members.append((change.name, patched(nil, with: change.value)))
            }
        }
        return .object(JSONObject(members))
    }

    /// Metadata is patched in the same way, unless it may not be what it would become.
    private static func checkMetadata(
        _ target: JSONValue, _ patch: JSONValue, _ result: JSONValue
    ) throws(BrokenProperty) {
        guard let stored = try? Metadata(parsing: target), case .object(let changes) = patch
        else { return }
        try require(
            (try? stored.merged(with: changes)) == (try? Metadata(parsing: result)),
            "Metadata \(target) with \(patch) is not \(result).")
    }
}
