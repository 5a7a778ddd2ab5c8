import Gzip
import HTTP
import Reactor

/// The content of a request that comes in gzip.
///
/// It is inflated once all of it has come, and no more of it is made than is asked for. So a few
/// octets that stand for very many cost neither memory nor time, be they whole, which whoever reads
/// sees by counting, or be the rest of them never sent.
actor InflatedBody: BodySource {
    /// Octets that are inflated on the loop, which takes half a millisecond whatever they are; more
    /// are elsewhere: some take much time for what little they stand for, if for anything.
    private static let onLoopBytesMax = 4 * 1024
    /// Octets that may come of few, and how many may come of each one beyond that. What JSON
    /// people send has a tenth of the latter; ten times it is what gzip can reach.
    private static let expansionMax = (bytes: 64 * 1024, ratio: 100)

    private nonisolated let loop: EventLoop
    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    private let pool: OffloadPool
    private let inflater: Inflater?
    private let body: RequestBody
    private let bytesMax: Int
    /// All of the content as it was sent; nil until it is asked for.
    private var encoded: [UInt8]?
    private var usedCount = 0
    private var isFull = false
    private var inflatedCount = 0
    private var isReading = false

    /// - Parameter bytesMax: Most octets of `body`; how many come of them is for the reader to say.
    init(_ body: RequestBody, bytesMax: Int, on loop: EventLoop, _ pool: OffloadPool) {
        self.body = body
        self.bytesMax = bytesMax
        self.loop = loop
        self.pool = pool
        inflater = Inflater()
    }

    func nextChunk(upTo bytesMax: Int) async throws(BodyError) -> [UInt8]? {
        guard !isReading else { throw .connectionLost }
        isReading = true
        defer { isReading = false }
        // Without memory for a window of 32 KiB there is none for the content.
        guard let inflater else { throw .tooLarge }
        let encoded = try await whole()
        while usedCount < encoded.count || isFull {
            guard let step = try await inflate(encoded, with: inflater, upTo: bytesMax) else {
                throw .malformedGzip
            }
            usedCount += step.usedCount
            isFull = step.isFull
            inflatedCount += step.output.count
            let (bytes, ratio) = Self.expansionMax
            guard inflatedCount <= max(bytes, encoded.count * ratio) else { throw .tooLarge }
            if !step.output.isEmpty { return step.output }
        }
        guard inflater.isComplete else { throw .malformedGzip }
        return nil
    }

    private func whole() async throws(BodyError) -> [UInt8] {
        if let encoded { return encoded }
        let content = try await body.collect(upTo: bytesMax)
        encoded = content
        return content
    }

    private func inflate(
        _ encoded: [UInt8], with inflater: Inflater, upTo bytesMax: Int
    ) async throws(BodyError) -> Inflater.Step? {
        let work = { @Sendable [usedCount] in
            inflater.inflate(encoded.span.extracting(usedCount...), upTo: bytesMax)
        }
        guard encoded.count > Self.onLoopBytesMax else { return work() }
        do throws(OffloadPool.Refusal) {
            return try await pool.run(work)
        } catch {
            throw .overloaded
        }
    }
}
