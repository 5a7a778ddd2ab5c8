/// How a connection outside the pool behaves.
package struct SessionConfiguration: Sendable {
    /// Longest wait for a connection; libpq's own limit is this in whole seconds, rounded up, for
    /// each host.
    package var connectTimeout: Duration = .seconds(5)
    /// Longest wait for the result of a command, and in a stream for the server to give or take
    /// anything.
    package var answerTimeout: Duration = .seconds(5)
    /// Longest life of a stream, its consumer's pauses included: a consumer who dawdles holds a
    /// transaction open in the server.
    package var streamTimeout: Duration = .seconds(600)
    /// Octets at which a piece of a stream is handed on; a single row may be larger.
    package var chunkBytesMax = 64 * 1024
    /// Rows at which a piece of a stream of rows is handed on.
    package var chunkRowsMax = 256
    /// Settings of the session, in their own units, such as `statement_timeout` in milliseconds. A
    /// `statement_timeout` counts the pauses of a stream's consumer too.
    package var sessionSettings: [SessionSetting] = []

    /// Makes the usual configuration.
    package init() {}
}
