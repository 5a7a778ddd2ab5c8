package import Ambient

/// A request as handlers receive it.
package struct Request: Sendable {
    /// The head.
    package let head: RequestHead
    /// The content.
    package var body: RequestBody
    /// What the request is called in logs and in answers; empty until it has been given a name.
    package var id: String
    /// Whom it speaks for; nil for nobody in particular, and until that is known.
    package var principal: Principal?
    /// Where it comes from: the other end of its connection, be that a client or a proxy, until it
    /// is known for whom a proxy asks.
    package var client: ClientAddress
    /// When its first octet was seen.
    package let receivedAt: MonotonicTime

    /// Makes a request.
    package init(
        head: RequestHead, body: RequestBody, id: String = "", client: ClientAddress = .unknown,
        receivedAt: MonotonicTime
    ) {
        self.head = head
        self.body = body
        self.id = id
        self.client = client
        self.receivedAt = receivedAt
    }
}
