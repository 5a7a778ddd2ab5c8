/// The proxies whose word is taken for where a request comes from.
package struct TrustedProxies: Equatable, Sendable {
    /// Most proxies that one request is followed through.
    package static let hopsMax = 100

    private let ranges: [AddressRange]

    /// Trusts the proxies with these addresses.
    package init(_ ranges: [AddressRange]) { self.ranges = ranges }

    /// Whether nobody is trusted.
    package var isEmpty: Bool { ranges.isEmpty }

    /// Who sent a request: the first address, from the other end of the connection back, that is
    /// not one of a trusted proxy.
    ///
    /// What a trusted proxy says beyond that is not looked at: anybody may have said it. Where one
    /// says nothing, or nothing that is an address, the proxy counts as the client. So does the
    /// proxy at the other end if `X-Forwarded-For` and `Forwarded` name two clients: one of them
    /// may have come through it unseen.
    package func client(of fields: RequestFields, from peer: ClientAddress) -> ClientAddress {
        guard contains(peer) else { return peer }
        return client(
            from: peer, xForwardedFor: fields.octets(of: .xForwardedFor),
            forwarded: fields.octets(of: .forwarded))
    }

    /// ``client(of:from:)`` by the values of the two fields.
    package func client(
        from peer: ClientAddress, xForwardedFor: ArraySlice<UInt8>?,
        forwarded: ArraySlice<UInt8>?
    ) -> ClientAddress {
        let older = xForwardedFor.map { client(from: peer, ForwardedHops($0, .addresses)) }
        let newer = forwarded.map { client(from: peer, ForwardedHops($0, .parameters)) }
        guard let older, let newer else { return older ?? newer ?? peer }
        return older == newer ? older : peer
    }

    private func client(from peer: ClientAddress, _ hops: ForwardedHops) -> ClientAddress {
        var hops = hops
        var client = peer
        for _ in 0..<Self.hopsMax {
            guard contains(client), let next = hops.next() else { return client }
            client = next
        }
        return client
    }

    private func contains(_ address: ClientAddress) -> Bool {
        ranges.contains { $0.contains(address) }
    }
}
