import HTTP
import HTTPServer

extension HTTPServerConfiguration {
    /// The limits that an operator has set.
    init(_ settings: HTTPSettings) {
        self.init()
        request.requestLineBytesMax = settings.message.requestLineMax
        request.methodBytesMax = settings.message.methodMax
        request.headerBytesMax = settings.message.headerSectionMax
        request.fieldBytesMax = settings.message.headerFieldMax
        request.fieldCountMax = settings.message.headerFieldCountMax
        request.trailerBytesMax = settings.message.headerSectionMax
        request.trailerCountMax = settings.message.headerFieldCountMax
        request.bodyBytesMax = settings.message.bodyMax
        request.chunkLineBytesMax = settings.message.chunkLineMax
        request.chunkExtensionBytesMax = settings.message.chunkExtensionsMax
        unsentBytesMax = settings.message.readAheadMax
        discardedBytesMax = settings.message.unreadBodyMax
        firstOctetTimeout = settings.patience.firstByteTimeout
        headTimeout = settings.patience.headerTimeout
        bodyTimeout = settings.patience.bodyTimeout
        bodyBytesPerSecondMin = settings.patience.bodyRateMin
        writeTimeout = settings.patience.writeTimeout
        writeBytesPerSecondMin = settings.patience.writeRateMin
        idleTimeout = settings.patience.idleTimeout
        lingerTimeout = settings.patience.lingerTimeout
        connectionsMax = settings.connections.max
        connectionsPerClientMax = settings.connections.perAddressMax
        requestsPerConnectionMax = settings.connections.requestsMax
        connectionLifetime = settings.connections.ageMax
        backlog = Int32(settings.connections.backlog)
    }
}
