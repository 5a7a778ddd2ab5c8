import Reactor

/// The threads for what would hold a loop.
struct WorkPools: Sendable {
    /// Threads that connect to the database, and attempts that may wait for one.
    private static let connecting = (threads: 2, queueMax: 64)
    /// Cancellations that may wait for the thread that sends them.
    private static let cancellingQueueMax = 64
    /// Passwords that may wait to be hashed.
    private static let hashingQueueMax = 256
    /// Priority that hashing gives up, nice(2): where there is but one processor, reads have most
    /// of it. That is not enough for their latency, for whoever wakes up beside a thread that
    /// hashes may wait for a tick of the clock, and so may the database: hence one processor is
    /// left alone.
    private static let hashingNice = 10

    /// Scrapes that may wait for the one that is answered.
    private static let scrapingQueueMax = 16

    /// Pieces of content that may wait to be compressed or inflated.
    private static let compressionQueueMax = 64

    let hashing: OffloadPool
    let connecting: OffloadPool
    let cancelling: OffloadPool
    let scraping: OffloadPool
    let compression: OffloadPool

    /// - Parameter hashingThreads: nil for all processors but one.
    init(hashingThreads: Int?) throws(SystemError) {
        let threads = max(1, ProcessorCount.available() - 1)
        hashing = try OffloadPool(
            name: "hashing", threads: hashingThreads ?? threads,
            queueMax: Self.hashingQueueMax, nice: Self.hashingNice)
        connecting = try OffloadPool(
            name: "connecting", threads: Self.connecting.threads,
            queueMax: Self.connecting.queueMax)
        cancelling = try OffloadPool(
            name: "cancelling", threads: 1, queueMax: Self.cancellingQueueMax)
        scraping = try OffloadPool(
            name: "scraping", threads: 1, queueMax: Self.scrapingQueueMax)
        compression = try OffloadPool(
            name: "compression", threads: threads, queueMax: Self.compressionQueueMax)
    }
}
