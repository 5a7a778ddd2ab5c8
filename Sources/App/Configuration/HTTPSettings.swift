/// The limits of the HTTP server: sizes in octets, times as durations.
package struct HTTPSettings: Equatable, Sendable {
    /// What one message may hold.
    package var message: HTTPMessageSettings
    /// How long a client may take.
    package var patience: HTTPPatienceSettings
    /// How many connections there may be, and how long each lasts.
    package var connections: HTTPConnectionSettings

    /// Reads `HTTP_…`.
    package init(reading reader: inout ConfigurationReader) {
        message = HTTPMessageSettings(reading: &reader)
        patience = HTTPPatienceSettings(reading: &reader)
        connections = HTTPConnectionSettings(reading: &reader)
    }
}

/// What one message may hold, in octets unless said otherwise.
package struct HTTPMessageSettings: Equatable, Sendable {
    /// The request line; a longer one is answered 414.
    package var requestLineMax: Int
    /// The method; a longer one is answered 501.
    package var methodMax: Int
    /// The header section, and the trailer section; more is answered 431.
    package var headerSectionMax: Int
    /// One field, name and value; a longer one is answered 431.
    package var headerFieldMax: Int
    /// Fields of a section, in number; more are answered 431.
    package var headerFieldCountMax: Int
    /// The body; a larger one is answered 413.
    package var bodyMax: Int
    /// The line before a chunk.
    package var chunkLineMax: Int
    /// All chunk extensions of a request.
    package var chunkExtensionsMax: Int
    /// Unwritten answers of a connection, beyond which no further pipelined request is read.
    package var readAheadMax: Int
    /// What is read and dropped of a body that nobody wanted, to keep the connection, and of what
    /// comes after the last answer, so that it can be read.
    package var unreadBodyMax: Int

    /// Reads the sizes among `HTTP_…`.
    package init(reading reader: inout ConfigurationReader) {
        let (kibi, mebi) = (1024, 1024 * 1024)
        requestLineMax = reader.byteSize(
            .httpRequestLineMax, default: 16 * kibi, in: 256...mebi)
        methodMax = reader.byteSize(.httpMethodMax, default: 32, in: 8...256)
        headerSectionMax = reader.byteSize(
            .httpHeaderSectionMax, default: 32 * kibi, in: kibi...mebi)
        headerFieldMax = reader.byteSize(.httpHeaderFieldMax, default: 16 * kibi, in: 256...mebi)
        headerFieldCountMax = reader.integer(.httpHeaderFieldCountMax, default: 100, in: 8...1000)
        bodyMax = reader.byteSize(.httpBodyMax, default: mebi, in: kibi...1024 * mebi)
        chunkLineMax = reader.byteSize(.httpChunkLineMax, default: 256, in: 32...16 * kibi)
        chunkExtensionsMax = reader.byteSize(
            .httpChunkExtensionsMax, default: 4 * kibi, in: 0...mebi)
        readAheadMax = reader.byteSize(
            .httpReadAheadMax, default: 256 * kibi, in: 4 * kibi...64 * mebi)
        unreadBodyMax = reader.byteSize(
            .httpUnreadBodyMax, default: 256 * kibi, in: 0...64 * mebi)
    }
}

/// How long a client may take before its connection is closed.
package struct HTTPPatienceSettings: Equatable, Sendable {
    /// From the opening of a connection to the first octet of a request.
    package var firstByteTimeout: Duration
    /// For the whole header section.
    package var headerTimeout: Duration
    /// For the whole body, longer by the time that what has come takes at ``bodyRateMin``.
    package var bodyTimeout: Duration
    /// Octets of a body that must come in a second, or 0 if ``bodyTimeout`` is for all of it.
    package var bodyRateMin: Int
    /// For a write without any progress.
    package var writeTimeout: Duration
    /// Octets of its answers that a client must take in a second, or 0 if there is no such rate.
    package var writeRateMin: Int
    /// Between two requests. Longer than that of the balancer in front, usually 60 s.
    package var idleTimeout: Duration
    /// How long what still arrives is read and dropped after a refusal, so that it is seen.
    package var lingerTimeout: Duration

    /// Reads the times among `HTTP_…`.
    package init(reading reader: inout ConfigurationReader) {
        let wait = Duration.milliseconds(10)...Duration.seconds(3600)
        let rate = 0...1024 * 1024 * 1024
        firstByteTimeout = reader.duration(.httpFirstByteTimeout, default: .seconds(10), in: wait)
        headerTimeout = reader.duration(.httpHeaderTimeout, default: .seconds(10), in: wait)
        bodyTimeout = reader.duration(.httpBodyTimeout, default: .seconds(30), in: wait)
        bodyRateMin = reader.byteSize(.httpBodyRateMin, default: 500, in: rate)
        writeTimeout = reader.duration(.httpWriteTimeout, default: .seconds(30), in: wait)
        writeRateMin = reader.byteSize(.httpWriteRateMin, default: 500, in: rate)
        idleTimeout = reader.duration(.httpIdleTimeout, default: .seconds(75), in: wait)
        lingerTimeout = reader.duration(
            .httpLingerTimeout, default: .seconds(2), in: .zero...Duration.seconds(60))
    }
}

/// How many connections there may be, and how long each lasts.
package struct HTTPConnectionSettings: Equatable, Sendable {
    /// Connections in all; those beyond are closed at once.
    package var max: Int
    /// Connections of one client, an IPv4 address or an IPv6 network of 64 bits; nil for no limit.
    package var perAddressMax: Int?
    /// Requests that one connection may carry.
    package var requestsMax: Int
    /// How long one connection may last.
    package var ageMax: Duration
    /// Connections that the kernel keeps until they are accepted, listen(2).
    package var backlog: Int

    /// Reads what concerns connections among `HTTP_…`.
    package init(reading reader: inout ConfigurationReader) {
        max = reader.integer(.httpConnectionsMax, default: 16_384, in: 1...10_000_000)
        perAddressMax = reader.integer(.httpConnectionsPerAddressMax, in: 1...10_000_000)
        requestsMax = reader.integer(
            .httpConnectionRequestsMax, default: 10_000, in: 1...1_000_000_000)
        ageMax = reader.duration(
            .httpConnectionAgeMax, default: .seconds(3600),
            in: .seconds(1)...Duration.seconds(86_400))
        backlog = reader.integer(.httpBacklog, default: 1024, in: 1...65_535)
    }
}
