import CLinux
import Glibc

/// The memory of log lines: pages of fixed size that never move, where a trap's handler finds what
/// is yet to be written.
///
/// `@unchecked Sendable`: what a page holds is written under the lock of the buffer that it belongs
/// to, while lines go there, and else touched by the writer alone, who has taken it under that
/// lock. What handlers of traps read is published by atomic stores, after the octets are in place.
final class LogMemory: @unchecked Sendable {
    /// A page, and what is published of it.
    typealias Pending = linux_pending

    /// Octets of each page.
    let sizes: [Int]

    private let pages: UnsafeMutableBufferPointer<Pending>

    /// Sets aside pages of `sizes` octets, each below 2 GiB; what is never used takes no memory.
    init(pages sizes: [Int]) {
        self.sizes = sizes
        pages = .allocate(capacity: sizes.count)
        for (index, size) in sizes.enumerated() {
            let octets = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 64)
            pages.initializeElement(at: index, to: Pending(octets: octets, range: 0))
        }
    }

    deinit {
        for page in pages { page.octets.deallocate() }
        pages.deallocate()
    }

    /// Puts a line into a page, at `offset`, and publishes the page up to its end.
    func put(_ line: [UInt8], into page: Int, at offset: Int) {
        let end = offset + line.count
        precondition(end <= sizes[page], "Page \(page) has \(sizes[page]) octets, not \(end).")
        line.withUnsafeBytes { line in
            guard let start = line.baseAddress else { return }
            memcpy(
                UnsafeMutableRawPointer(mutating: pages[page].octets) + offset, start, end - offset)
        }
        linux_pending_set(&pages[page], UInt32(end), 0)
    }

    /// Publishes that the writer has taken a page that holds `count` octets; 0 if it is done.
    func setTaken(_ page: Int, count: Int) {
        linux_pending_set(&pages[page], UInt32(count), count > 0 ? 1 : 0)
    }

    /// Publishes that `count` octets more of a page that the writer has taken are written.
    func advance(_ page: Int, by count: Int) {
        linux_pending_advance(&pages[page], UInt32(count))
    }

    /// Octets of a page that the writer has taken.
    func withOctets<Value>(
        of page: Int, in range: Range<Int>, _ body: (Span<UInt8>) -> Value
    ) -> Value {
        precondition(range.upperBound <= sizes[page], "Page \(page) has \(sizes[page]) octets.")
        let octets = UnsafeRawBufferPointer(start: pages[page].octets, count: sizes[page])
        return body(octets.bindMemory(to: UInt8.self).span.extracting(range))
    }

    /// Has the process write what is published here to `descriptor` when it traps, and keeps the
    /// memory for good. To be called once in a process.
    func writeOnTrap(to descriptor: CInt) throws(LogSinkError) {
        _ = Unmanaged.passRetained(self)
        guard linux_write_pending_on_trap(descriptor, pages.baseAddress, pages.count) == 0 else {
            throw .noHandler(code: errno)
        }
    }
}
