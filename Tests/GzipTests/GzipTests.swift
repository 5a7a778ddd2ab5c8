import CZlib
import Gzip
import Testing

@Suite("Gzip, RFC 1952")
struct GzipTests {
    @Test func `nothing is a header, an empty block, and the checks of nothing`() {
        let expected: [UInt8] = [
            // ID1, ID2, CM, FLG, MTIME, XFL, OS.
            0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3,
            // A final block with fixed codes, at its end at once.
            3, 0,
            // CRC32, ISIZE.
            0, 0, 0, 0, 0, 0, 0, 0,
        ]
        #expect(compress([]) == expected)
    }

    @Test(arguments: [1, 100, 65_536, 1_000_003])
    func `what is compressed comes out again`(_ count: Int) throws {
        var generator = SystemRandomNumberGenerator()
        let random = (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        let text = Array("http_requests_total{method=\"GET\"} 17\n".utf8)
        let repeated = (0..<count).map { text[$0 % text.count] }
        for octets in [random, repeated] {
            #expect(try decompress(compress(octets), count: count) == octets)
        }
        #expect(count < 100 || compress(repeated).count < count)
    }

    @Test func `too much is left as it is`() {
        let octets = [UInt8](repeating: 0, count: Gzip.octetsMax + 1)
        let (all, most) = (
            Gzip.compress(octets.span, level: 1),
            Gzip.compress(octets.span.extracting(..<Gzip.octetsMax), level: 1)
        )
        #expect(all == nil && most?.isEmpty == false)
    }

    /// The octets, compressed; none if that was not possible.
    private func compress(_ octets: [UInt8]) -> [UInt8] {
        Gzip.compress(octets.span, level: 6) ?? []
    }

    private func decompress(_ compressed: [UInt8], count: Int) throws -> [UInt8] {
        var (input, output) = (compressed, [UInt8](repeating: 0, count: count + 1))
        var stream = z_stream()
        try #require(
            inflateInit2_(&stream, 31, ZLIB_VERSION, CInt(MemoryLayout<z_stream>.size)) == Z_OK)
        defer { inflateEnd(&stream) }
        return try input.withUnsafeMutableBufferPointer { input in
            try output.withUnsafeMutableBufferPointer { output in
                stream.next_in = input.baseAddress
                stream.avail_in = uInt(input.count)
                stream.next_out = output.baseAddress
                stream.avail_out = uInt(output.count)
                try #require(inflate(&stream, Z_FINISH) == Z_STREAM_END && stream.avail_in == 0)
                return Array(output.dropLast(Int(stream.avail_out)))
            }
        }
    }
}
