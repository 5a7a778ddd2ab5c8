import HTTPTypes

/// Writes Problem Details as JSON (RFC 9457 §3, RFC 8259).
///
/// It is here, and not built upon the service's JSON module, so that whatever cannot be read as a
/// request is answered by the lowest layer alone.
enum ProblemSerializer {
    /// The octets of a problem's JSON object.
    static func bytes(of problem: Problem, instance: String, requestID: String) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(256 + 128 * problem.faults.count)
        output.append("{\"type\":")
        appendString("/problems/" + problem.kind.code, to: &output)
        appendMember(",\"title\":", problem.kind.title, to: &output)
        output.append(",\"status\":")
        output.appendDecimal(problem.kind.status.code)
        if let detail = problem.detail { appendMember(",\"detail\":", detail, to: &output) }
        if !instance.isEmpty { appendMember(",\"instance\":", instance, to: &output) }
        appendMember(",\"code\":", problem.kind.code, to: &output)
        if !requestID.isEmpty { appendMember(",\"request_id\":", requestID, to: &output) }
        if !problem.faults.isEmpty { appendFaults(problem.faults, to: &output) }
        output.append("}")
        return output
    }

    private static func appendFaults(_ faults: [Problem.Fault], to output: inout [UInt8]) {
        var opening: StaticString = ",\"errors\":[{\"pointer\":"
        for fault in faults {
            appendMember(opening, fault.pointer, to: &output)
            appendMember(",\"code\":", fault.code, to: &output)
            appendMember(",\"detail\":", fault.detail, to: &output)
            opening = "},{\"pointer\":"
        }
        output.append("}]")
    }

    private static func appendMember(
        _ name: StaticString, _ value: String, to output: inout [UInt8]
    ) {
        output.append(name)
        appendString(value, to: &output)
    }

    /// Appends a JSON string (RFC 8259 §7). A `String` is valid Unicode, so only quotes,
    /// backslashes and controls need an escape.
    private static func appendString(_ text: String, to output: inout [UInt8]) {
        output.append(ASCII.quote)
        for octet in text.utf8 {
            switch octet {
            case ASCII.quote, ASCII.backslash:
                output.append(ASCII.backslash)
                output.append(octet)
            case 0..<0x20:
                output.append("\\u00")
                output.append(hexDigit(octet >> 4))
                output.append(hexDigit(octet & 0xF))
            default:
                output.append(octet)
            }
        }
        output.append(ASCII.quote)
    }

    private static func hexDigit(_ value: UInt8) -> UInt8 {
        value < 10 ? ASCII.zero + value : UInt8(ascii: "a") + value - 10
    }
}
