import Glibc

/// An open descriptor with one owner; letting go of it closes it, close(2).
package struct FileDescriptor: ~Copyable, Sendable {
    /// The number that system calls take; valid as long as this value lives.
    package let rawValue: CInt

    /// Takes ownership of `rawValue`, which must be open and owned by nobody else.
    package init(owning rawValue: CInt) {
        precondition(rawValue >= 0, "Not a descriptor: \(rawValue).")
        self.rawValue = rawValue
    }

    /// Gives the open descriptor to another owner.
    package consuming func relinquish() -> CInt {
        let number = rawValue
        discard self
        return number
    }

    deinit { _ = close(rawValue) }
}
