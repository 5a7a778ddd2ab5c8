package import HTTP

/// Limits of the server beyond those of a single message.
package struct HTTPServerConfiguration: Sendable {
    /// Limits of one request.
    package var request = RequestLimits()
    /// From accepting a connection to the first octet of its first request.
    package var firstOctetTimeout: Duration = .seconds(10)
    /// How long after it was opened a connection without a request is not closed by a drain: its
    /// first request may be on its way.
    package var firstRequestPatience: Duration = .seconds(1)
    /// From the first octet of a request's head to its last.
    package var headTimeout: Duration = .seconds(10)
    /// From the end of a request's head to the last octet of its body, to which each octet that
    /// comes adds its time at ``bodyBytesPerSecondMin``; also the longest silence within a body.
    package var bodyTimeout: Duration = .seconds(30)
    /// Least octets of a body in a second, framing not counted, once ``bodyTimeout`` has passed;
    /// with 0 the whole body must come within that.
    package var bodyBytesPerSecondMin = 500
    /// Longest time that a write may make no progress.
    package var writeTimeout: Duration = .seconds(30)
    /// Least octets of its answers that a client takes in a second, once ``writeTimeout`` has
    /// passed since it did not take all; 0 for any.
    package var writeBytesPerSecondMin = 500
    /// Longest silence between two requests; longer than the 60 s that load balancers use, so that
    /// it is they who close.
    package var idleTimeout: Duration = .seconds(75)
    /// Most requests on one connection; the last answer says `Connection: close`.
    package var requestsPerConnectionMax = 10_000
    /// Longest life of a connection; the next answer after it says `Connection: close`.
    package var connectionLifetime: Duration = .seconds(3600)
    /// Most connections of the process; those beyond are closed at once.
    package var connectionsMax = 16_384
    /// Most connections of one client, which is an IPv4 address or an IPv6 network of 64 bits; nil
    /// for no limit.
    package var connectionsPerClientMax: Int?
    /// Connections that the kernel may queue, listen(2).
    package var backlog: Int32 = 1024
    /// Octets of an unread body, or of a refused request, that are read and dropped, so that the
    /// client can read its answer.
    package var discardedBytesMax = 256 * 1024
    /// Longest time that such reading takes after the connection's last answer.
    package var lingerTimeout: Duration = .seconds(2)
    /// Unsent octets of answers at which a pipelining client is read no further.
    package var unsentBytesMax = 256 * 1024

    /// Makes the default limits.
    package init() {}
}
