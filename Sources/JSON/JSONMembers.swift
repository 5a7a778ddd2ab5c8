import Ambient

/// Members that stand in many objects, as text that is made once.
package struct JSONMembers: Sendable {
    /// Without a comma in front.
    let text: [UInt8]

    /// Makes the text of what `write` writes.
    package init(_ write: (inout JSONObjectWriter) -> Void) {
        var writer = JSONObjectWriter(taking: [])
        write(&writer)
        text = writer.bytes
    }
}

extension JSONObjectWriter {
    /// Writes members that are text already. The caller's code gives none of their names again.
    package mutating func members(_ members: JSONMembers) {
        members.text.withUnsafeBufferPointer { text in
            guard !text.isEmpty else { return }
            bytes.append(atMost: text.count + 1) { start in
                start[0] = UInt8(ascii: ",")
                return isFirst ? start.write(text) : 1 + (start + 1).write(text)
            }
            isFirst = false
        }
    }
}
