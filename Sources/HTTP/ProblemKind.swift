package import HTTPTypes

/// What all problems of one code have in common, and what the page `/problems/<code>` says of it
/// (RFC 9457 §3.1.1). A reference, since whoever waits for an answer keeps room for a problem.
package final class ProblemKind: Sendable {
    /// What programs know it by: stable, in snake_case.
    package let code: String
    /// The status of the response, 4xx or 5xx.
    package let status: HTTPResponse.Status
    /// What people know it by, in a few words.
    package let title: String
    /// How it comes about, in sentences for whoever has met it.
    package let meaning: String
    /// What is to be done about it, in sentences.
    package let remedy: String
    /// The codes that its faults may have, and what each says.
    package let faults: [(code: String, meaning: String)]
    /// The member that it is about each time, as a JSON Pointer; nil if that differs.
    package let pointer: String?

    /// Makes a kind of problem; its code is nobody else's.
    package init(
        code: String, status: HTTPResponse.Status, title: String, meaning: String,
        remedy: String, faults: [(code: String, meaning: String)] = [], pointer: String? = nil
    ) {
        self.code = code
        self.status = status
        self.title = title
        self.meaning = meaning
        self.remedy = remedy
        self.faults = faults
        self.pointer = pointer
    }
}
