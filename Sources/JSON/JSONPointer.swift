/// The place of a value in a JSON text: `/roles/0` (RFC 6901). The whole text is the empty one.
package struct JSONPointer: Hashable, Sendable {
    /// The pointer as text: each step behind a slash, `~` and `/` in it as `~0` and `~1` (§3).
    package private(set) var text = ""

    /// The pointer to the whole text.
    package init() {}

    /// The pointer to the member `name` of the object that this one points to.
    package func appending(_ name: String) -> JSONPointer {
        var pointer = self
        pointer.text.append("/")
        for scalar in name.unicodeScalars {
            switch scalar {
            case "~": pointer.text.append("~0")
            case "/": pointer.text.append("~1")
            default: pointer.text.unicodeScalars.append(scalar)
            }
        }
        return pointer
    }

    /// The pointer to the element `index` of the array that this one points to, counted from 0.
    package func appending(_ index: Int) -> JSONPointer {
        var pointer = self
        pointer.text.append("/\(index)")
        return pointer
    }
}
