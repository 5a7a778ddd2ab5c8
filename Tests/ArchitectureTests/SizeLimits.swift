/// How much may stand in one place before it is more than one idea.
enum SizeLimits {
    static let linesOfFileMax = 300
    static let linesOfFunctionMax = 60
    static let columnsMax = 100

    static func findings(in file: SourceFile) -> [Finding] {
        fileFindings(in: file) + functionFindings(in: file) + columnFindings(in: file)
    }

    private static func fileFindings(in file: SourceFile) -> [Finding] {
        let count = file.lines.count
        guard count > linesOfFileMax else { return [] }
        let message = "\(count) lines; split it by topic, at most \(linesOfFileMax) a file."
        return [Finding(path: file.path, line: 0, message: message)]
    }

    private static func columnFindings(in file: SourceFile) -> [Finding] {
        file.lines.filter { $0.text.count > columnsMax }
            .map { file.finding($0, "\($0.text.count) columns; at most \(columnsMax).") }
    }

    private static func functionFindings(in file: SourceFile) -> [Finding] {
        file.lines.indices.compactMap { start in
            guard let keyword = Declaration(file.lines[start].code)?.keyword,
                ["func", "init", "deinit", "subscript", "var"].contains(keyword),
                let end = endOfBody(from: start, in: file.lines)
            else { return nil }
            let count = end - start + 1
            guard count > linesOfFunctionMax else { return nil }
            return file.finding(
                file.lines[start], "\(count) lines of \(keyword); at most \(linesOfFunctionMax).")
        }
    }

    /// The index of the line that closes the body of the declaration at `start`, if it has one.
    private static func endOfBody(from start: Int, in lines: [SourceFile.Line]) -> Int? {
        var brackets = 0
        var braces = 0
        for index in start..<lines.count {
            let code = lines[index].code
            if index > start, brackets == 0, braces == 0, !continuesSignature(code.trimmed) {
                return nil
            }
            for octet in code.utf8 {
                switch octet {
                case UInt8(ascii: "("), UInt8(ascii: "["): brackets += 1
                case UInt8(ascii: ")"), UInt8(ascii: "]"): brackets -= 1
                // A closure between the brackets of a signature is not the body.
                case UInt8(ascii: "{") where brackets == 0 || braces > 0: braces += 1
                case UInt8(ascii: "}") where braces > 0:
                    braces -= 1
                    if braces == 0 { return index }
                default: break
                }
            }
        }
        return nil
    }

    private static func continuesSignature(_ code: Substring) -> Bool {
        code.isEmpty || ["->", "where", "throws", "async", "{"].contains { code.hasPrefix($0) }
    }
}
