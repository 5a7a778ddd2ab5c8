import HTTP
import Reactor
import Routing
import Synchronization

/// A value that is made when somebody first asks for it: most processes are never asked, and should
/// not begin the later for it. Two who ask at once may both make it, and get the same.
final class Lazy<Value: Sendable>: Sendable {
    private final class Made: Sendable {
        let value: Value

        init(_ value: Value) { self.value = value }
    }

    private let made = AtomicLazyReference<Made>()
    private let make: @Sendable () -> Value

    /// - Parameter make: Makes the value, the same each time.
    init(_ make: @escaping @Sendable () -> Value) { self.make = make }

    /// The value; it blocks for as long as it takes to make it.
    var value: Value { (made.load() ?? made.storeIfNil(Made(make()))).value }

    /// The value, which is made on a thread of the pool if need be, so that the caller's loop goes
    /// on meanwhile; on the caller's own if the pool has no room.
    func value(madeOn pool: OffloadPool) async -> Value {
        if let made = made.load() { return made.value }
        return (try? await pool.run { self.value }) ?? value
    }
}

/// A document that is made when somebody first asks for it, off the loops unless the pool is full.
struct LazyDocument: Endpoint {
    private let document: Lazy<FixedDocument>
    private let pool: OffloadPool

    /// - Parameters:
    ///   - pool: Where it is made.
    ///   - make: Makes the document, the same each time.
    init(madeOn pool: OffloadPool, _ make: @escaping @Sendable () -> FixedDocument) {
        document = Lazy(make)
        self.pool = pool
    }

    func respond(
        to request: Request, _ parameters: PathParameters
    ) async throws(Problem) -> Response {
        try await document.value(madeOn: pool).respond(to: request, parameters)
    }
}
