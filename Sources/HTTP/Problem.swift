import HTTPTypes

/// Why a request failed, in the form that clients receive: Problem Details (RFC 9457).
///
/// Nothing of the cause, nor of anybody but the client, may stand in its texts.
package struct Problem: Error, Sendable {
    /// One thing that is wrong with a request's content or query.
    package struct Fault: Equatable, Sendable {
        /// Where it is, as a JSON Pointer (RFC 6901), such as `/email`.
        package let pointer: String
        /// What it is, for programs: stable, in snake_case.
        package let code: String
        /// What it is, for people: one sentence.
        package let detail: String

        /// Makes a fault.
        package init(pointer: String, code: String, detail: String) {
            self.pointer = pointer
            self.code = code
            self.detail = detail
        }
    }

    /// What it has in common with others of its code.
    package let kind: ProblemKind
    /// What is wrong in this case, for people; `nil` when the title says it all.
    package var detail: String?
    /// All things that are wrong with the content or the query; not sent when empty.
    package var faults: [Fault]
    /// Header fields that the status asks for, such as Allow, Retry-After or WWW-Authenticate.
    package var fields: ResponseFields
    /// Why it is a 5xx: logged once, never sent.
    package var cause: (any Error)?

    /// Makes a problem of a kind.
    /// - Parameter faults: None stands for the one that a kind with a ``ProblemKind/pointer`` has.
    package init(
        of kind: ProblemKind, detail: String? = nil, faults: [Fault] = [],
        fields: ResponseFields = ResponseFields(), cause: (any Error)? = nil
    ) {
        self.kind = kind
        self.detail = detail
        let standing = kind.pointer.map {
            Fault(pointer: $0, code: kind.code, detail: kind.title + ".")
        }
        self.faults = faults.isEmpty ? standing.map { [$0] } ?? [] : faults
        self.fields = fields
        self.cause = cause
    }

    /// The response that tells a client of the problem. No cache keeps it.
    ///
    /// - Parameters:
    ///   - instance: The path of the request, without its query; not sent when empty.
    ///   - requestID: What the request is called in the logs; not sent when empty.
    package func response(instance: String, requestID: String) -> Response {
        var response = Response(
            status: kind.status, contentType: "application/problem+json",
            body: ProblemSerializer.bytes(of: self, instance: instance, requestID: requestID))
        response.fields.append(.cacheControl, "no-store")
        response.fields.append(contentsOf: fields)
        response.cause = cause
        return response
    }
}
