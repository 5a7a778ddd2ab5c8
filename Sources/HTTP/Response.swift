package import Ambient
package import HTTPTypes

/// What a handler answers; ``ResponseSerializer`` makes octets of it.
package struct Response: Sendable {
    /// The status. Its reason phrase is sent only for codes that have no usual one.
    package var status: HTTPResponse.Status
    /// The header fields, but for those that the serialiser writes: Date, Content-Length,
    /// Connection and what browsers are forbidden.
    package var fields: ResponseFields
    /// The content; not sent with a status that has none, nor to HEAD.
    package var body: [UInt8]
    /// Content that is made while it is sent, instead of ``body``, which is empty then.
    package var stream: ResponseStream?
    /// The route that answered; `nil` when none did.
    package var route: RouteName?
    /// The id of the user for whom the request spoke, who may have been refused: for logs, never
    /// sent. `nil` when it spoke for nobody.
    package var user: UUID?
    /// Why the response is a 5xx: logged once, never sent.
    package var cause: (any Error)?

    /// Makes a response, without content unless `body` is given.
    package init(
        status: HTTPResponse.Status, fields: ResponseFields = ResponseFields(), body: [UInt8] = []
    ) {
        self.status = status
        self.fields = fields
        self.body = body
    }

    /// Makes a response with content of a media type, such as `application/json`.
    package init(status: HTTPResponse.Status, contentType: String, body: [UInt8]) {
        self.init(status: status, body: body)
        fields.append(.contentType, contentType)
    }
}
