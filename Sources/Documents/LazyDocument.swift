import HTTP
import Routing
import Synchronization

/// A document that is made when somebody first asks for it: most processes are never asked, and
/// should not begin the later for it. Two who ask at once may both make it, and get the same.
final class LazyDocument: Endpoint {
    private final class Made: Sendable {
        let document: FixedDocument

        init(_ document: FixedDocument) { self.document = document }
    }

    private let made = AtomicLazyReference<Made>()
    private let make: @Sendable () -> FixedDocument

    /// - Parameter make: Makes the document, the same each time.
    init(_ make: @escaping @Sendable () -> FixedDocument) { self.make = make }

    func respond(
        to request: Request, _ parameters: PathParameters
    ) async throws(Problem) -> Response {
        let made = made.load() ?? made.storeIfNil(Made(make()))
        return try await made.document.respond(to: request, parameters)
    }
}
