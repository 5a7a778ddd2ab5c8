/// Why a sink could not be opened.
package enum LogSinkError: Error, Hashable, Sendable {
    /// eventfd(2) failed; an `errno` value.
    case noEventDescriptor(code: CInt)
    /// sigaction(2) failed; an `errno` value.
    case noHandler(code: CInt)
    /// pthread_create(3) failed; an `errno` value.
    case noThread(code: CInt)
}
