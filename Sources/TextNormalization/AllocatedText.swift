/// UTF-8 octets that a C library has allocated; it frees them at the end of its life.
struct AllocatedText: ~Copyable {
    typealias Release = @convention(c) (UnsafeMutableRawPointer?) -> Void

    private let start: UnsafeMutablePointer<UInt8>
    private let release: Release

    /// Takes the octets at `start`, which `release` is the library's way to free.
    init(owning start: UnsafeMutablePointer<UInt8>, freedBy release: Release) {
        self.start = start
        self.release = release
    }

    deinit {
        release(start)
    }

    /// A copy of the first `octetCount` octets; so many there must be.
    borrowing func string(octetCount: Int) -> String {
        String(decoding: UnsafeBufferPointer(start: start, count: octetCount), as: UTF8.self)
    }

    /// A copy of the octets before the first zero; one there must be.
    borrowing func stringBeforeZero() -> String {
        String(cString: start)
    }
}
