import Glibc

/// A system call that failed: which, and the reason that `errno` gave.
package struct SystemError: Error, Equatable, CustomStringConvertible {
    /// The call's name, as its manual page has it.
    package let call: String
    /// The `errno` value that it left.
    package let code: CInt

    /// Keeps `call` with its reason, by default the calling thread's `errno`.
    package init(call: String, code: CInt = errno) {
        self.call = call
        self.code = code
    }

    /// One line, such as `bind: Address already in use`.
    package var description: String { "\(call): \(String(cString: strerror(code)))" }
}
