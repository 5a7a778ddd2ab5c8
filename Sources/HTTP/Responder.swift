package import Ambient

/// Answers requests: the border between whoever moves octets and whoever decides what to say.
package protocol Responder: Sendable {
    /// The answer to a request. It cannot throw: whatever goes wrong is a response.
    ///
    /// It runs where its caller does.
    func respond(to request: consuming Request) async -> Response

    /// The answer to what came from `client` and could not be read as a request, for the reason
    /// that `problem` gives; the connection closes after it.
    func respond(
        toUnreadable problem: Problem, from client: ClientAddress, receivedAt: MonotonicTime
    ) -> Response
}
