import CLinux
import Glibc
import Reactor

/// A descriptor that is kept so that it can be let go of: without one left, a connection could
/// neither be accepted nor, therefore, be closed, and would wait in the kernel's queue.
struct SpareDescriptor: ~Copyable, Sendable {
    private var held: FileDescriptor?

    /// Takes a descriptor, of a kind that needs no file.
    init() throws(SystemError) {
        held = Self.fresh()
        guard held != nil else { throw SystemError(call: "eventfd") }
    }

    /// Lets go of the descriptor while `body` runs, and takes one anew.
    /// - Returns: nil if there is none to let go of, because others had it first.
    mutating func lend<Value>(_ body: () -> Value) -> Value? {
        if held == nil { held = Self.fresh() }
        guard held != nil else { return nil }
        held = nil
        let value = body()
        held = Self.fresh()
        return value
    }

    private static func fresh() -> FileDescriptor? {
        let number = eventfd(0, CInt(EFD_CLOEXEC))
        return number >= 0 ? FileDescriptor(owning: number) : nil
    }
}
