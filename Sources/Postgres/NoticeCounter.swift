import CLibpq

/// Counts the notices of one connection and drops them: they may quote data.
final class NoticeCounter {
    /// How many there have been; changed while libpq parses what it has read.
    private(set) var count = 0

    /// Has the notices of `connection`, a `PGconn`, counted here. The counter must outlive it.
    func attach(to connection: OpaquePointer) {
        PQsetNoticeReceiver(
            connection,
            { counter, _ in
                guard let counter else { return }
                Unmanaged<NoticeCounter>.fromOpaque(counter).takeUnretainedValue().count += 1
            }, Unmanaged.passUnretained(self).toOpaque())
    }
}
