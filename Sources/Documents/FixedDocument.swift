import Ambient
import HTTP
import HTTPTypes
import Routing

/// A document that stays what it is as long as the process lives: with an entity tag, by which a
/// client asks whether it has changed, and compressed for whoever takes it so, if that was done
/// beforehand.
struct FixedDocument: Endpoint {
    /// For how long it may be kept, as Cache-Control says it (RFC 9111 §5.2.2).
    enum Caching: String {
        /// Until it is asked for again: then it is asked whether it has changed.
        case checked = "public, no-cache"
        /// An hour.
        case hour = "public, max-age=3600"
        /// For good: what has changed has another address (RFC 8246).
        case forever = "public, max-age=31536000, immutable"
    }

    private var plain: Form
    private let gzipped: Form?

    /// - Parameters:
    ///   - gzipped: The same content in gzip, if there is one.
    ///   - fields: Further fields of the answer.
    init(
        _ contentType: String, _ content: [UInt8], gzipped: [UInt8]? = nil,
        caching: Caching = .checked, fields: ResponseFields = ResponseFields()
    ) {
        // Either tells one version from another, and the compressed one has fewer octets to read.
        self.init(
            contentType, content, gzipped, version: StableHash(gzipped ?? content),
            caching: caching, fields: fields)
    }

    /// - Parameter isSentPacked: Whether it is sent as it is kept to whoever takes it so.
    init(_ contentType: String, _ content: PackedContent, isSentPacked: Bool, caching: Caching) {
        self.init(
            contentType, [], isSentPacked ? content.gzip : nil, version: StableHash(content.gzip),
            caching: caching)
        plain.response.stream = content.inflated
    }

    private init(
        _ contentType: String, _ content: [UInt8], _ gzipped: [UInt8]?, version: StableHash,
        caching: Caching, fields: ResponseFields = ResponseFields()
    ) {
        let tag = EntityTag(String(version.value, radix: 16))
        var common = ResponseFields()
        common.append(.cacheControl, caching.rawValue)
        if gzipped != nil { common.append(.vary, "Accept-Encoding") }
        common.append(contentsOf: fields)
        plain = Form(contentType, content, tag, common)
        self.gzipped = gzipped.map { content in
            common.append(.contentEncoding, "gzip")
            return Form(contentType, content, tag.inGzip, common)
        }
    }

    func respond(
        to request: Request, _ parameters: PathParameters
    ) async throws(Problem) -> Response {
        let fields = request.head.fields
        let form = fields.prefersGzip ? gzipped ?? plain : plain
        guard let condition = fields.value(of: .ifNoneMatch).flatMap(EntityTagCondition.init),
            condition.weaklyMatches(form.tag)
        else { return form.response }
        // The policy, too: a browser puts the fields of this answer to the page that it has kept.
        var unchanged = Response(status: .notModified, fields: form.response.fields)
        for name in [HTTPField.Name.contentType, .contentEncoding] {
            unchanged.fields.remove(name)
        }
        return unchanged
    }
}

/// A document as it is, or in gzip.
private struct Form {
    let tag: EntityTag
    var response: Response

    init(_ contentType: String, _ content: [UInt8], _ tag: EntityTag, _ fields: ResponseFields) {
        var response = Response(status: .ok, contentType: contentType, body: content)
        response.fields.append(.eTag, tag.fieldValue)
        response.fields.append(contentsOf: fields)
        self.tag = tag
        self.response = response
    }
}
