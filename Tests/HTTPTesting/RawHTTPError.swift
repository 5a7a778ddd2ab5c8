/// Why a client of a test did not get what it asked for.
package enum RawHTTPError: Error, Equatable, Sendable {
    /// Nobody listens at the port.
    case refused
    /// Nothing came, or nothing was taken, for as long as a test is willing to wait.
    case timedOut
    /// The server ended the connection; octets that begin so had come, and no whole response.
    case ended(after: String)
    /// The server, or the machine between, broke the connection off.
    case reset
    /// What came is no response that these tests understand.
    case malformed(String)
    /// A system call failed, with this `errno`.
    case system(call: String, code: CInt)
}
