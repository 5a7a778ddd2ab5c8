import HTTP
import HTTPTypes

/// What holds of a response that repeats what a client has sent.
enum ResponseProperties {
    static func check(_ head: HeadFacts) throws(BrokenProperty) {
        let values = head.values.values.map { String(decoding: $0, as: UTF8.self) }
        try check([head.method, head.path, head.query ?? "", head.authority ?? ""] + values)
    }

    /// Texts of a client become fields, a reason and a problem's members, and remain inside them.
    static func check(_ texts: [String]) throws(BrokenProperty) {
        guard let text = texts.first, let echo = HTTPField.Name("X-Echo") else { return }
        let kind = ProblemKind(
            code: "code", status: .init(code: 499, reasonPhrase: text), title: text, meaning: "",
            remedy: "")
        let problem = Problem(of: kind, detail: text)
        var response = problem.response(instance: text, requestID: text)
        let fieldCount = 2 + texts.count
        for text in texts { response.fields.append(echo, text) }
        response.fields.replace(.eTag, text)
        response.fields.remove(.eTag)

        var output: [UInt8] = []
        ResponseSerializer.append(
            response, to: &output, isHead: false, closes: true, minorVersion: 1,
            date: HTTPDate(unixSeconds: 0))
        try require(
            output.suffix(response.body.count) == response.body[...], "The content is last.")
        let head = Array(output.dropLast(response.body.count))
        let lines = Octets.lines(of: head)
        // Beside the fields: the status, Date, what browsers are forbidden in two lines,
        // Content-Length, Connection, and the end.
        try require(
            lines.count == fieldCount + 8 && lines.suffix(2) == [[], []],
            "A response to \(texts) has \(fieldCount) fields: \(lines).")
        for line in lines {
            try require(
                !line.contains { Octets.isControl($0) && $0 != 0x09 },
                "No line of a response holds a control: \(line).")
        }
        try require(
            !response.body.contains(where: Octets.isControl(_:)) || text.contains("\u{7F}"),
            "A problem's JSON escapes every control: \(response.body).")
    }
}
