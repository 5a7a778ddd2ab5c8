import Gzip
import HTTP
import Reactor

/// The content of a request that comes in gzip.
///
/// No more of it is made than is asked for, and so a few octets that stand for very many cost
/// neither memory nor time: whoever reads counts what has come, and ends it.
actor InflatedBody: BodySource {
    /// Octets that are inflated on the loop, which takes 0.2 ms at most; all others are elsewhere.
    private static let onLoopBytesMax = 64 * 1024
    /// Octets that may come of few, and how many may come of each one beyond that. What JSON
    /// people send has a tenth of the latter; ten times it is what gzip can reach.
    private static let expansionMax = (bytes: 64 * 1024, ratio: 100)

    private nonisolated let loop: EventLoop
    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    private let pool: OffloadPool
    private let inflater: Inflater?
    private var encoded: RequestBody.Chunks.Iterator
    private var piece: [UInt8] = []
    private var pieceStart = 0
    private var isFull = false
    private var encodedCount = 0
    private var inflatedCount = 0
    private var isReading = false

    /// - Parameter bytesMax: Most octets of `body`; how many come of them is for the reader to say.
    init(_ body: RequestBody, bytesMax: Int, on loop: EventLoop, _ pool: OffloadPool) {
        self.loop = loop
        self.pool = pool
        encoded = body.chunks(upTo: bytesMax).makeAsyncIterator()
        inflater = Inflater()
    }

    func nextChunk(upTo bytesMax: Int) async throws(BodyError) -> [UInt8]? {
        guard !isReading else { throw .connectionLost }
        isReading = true
        defer { isReading = false }
        // Without memory for a window of 32 KiB there is none for the content.
        guard let inflater else { throw .tooLarge }
        while true {
            if pieceStart == piece.count, !isFull {
                guard let next = try await nextPiece() else {
                    guard inflater.isComplete else { throw .malformedGzip }
                    return nil
                }
                (piece, pieceStart) = (next, 0)
                encodedCount += next.count
            }
            guard let step = await inflate(with: inflater, upTo: bytesMax) else {
                throw .malformedGzip
            }
            pieceStart += step.usedCount
            isFull = step.isFull
            inflatedCount += step.output.count
            let (bytes, ratio) = Self.expansionMax
            guard inflatedCount <= max(bytes, encodedCount * ratio) else { throw .tooLarge }
            if !step.output.isEmpty { return step.output }
        }
    }

    private func nextPiece() async throws(BodyError) -> [UInt8]? {
        // A property of an actor cannot be changed by what waits; nobody else reads meanwhile.
        var iterator = encoded
        defer { encoded = iterator }
        return try await iterator.next(isolation: self)
    }

    /// Inflates on the loop what is little, and what the pool has no room for: it is bounded.
    private func inflate(with inflater: Inflater, upTo bytesMax: Int) async -> Inflater.Step? {
        let work = { @Sendable [piece, pieceStart] in
            inflater.inflate(piece.span.extracting(pieceStart...), upTo: bytesMax)
        }
        guard inflatedCount >= Self.onLoopBytesMax else { return work() }
        do {
            return try await pool.run(work)
        } catch {
            return work()
        }
    }
}
