import Ambient
import Testing

@Suite("UUIDs as text, RFC 9562 §4")
struct UUIDTextTests {
    static let sample = UUID(high: 0x0123_4567_89AB_CDEF, low: 0xFEDC_BA98_7654_3210)

    @Test(arguments: [
        (UUID(high: 0, low: 0), "00000000-0000-0000-0000-000000000000"),
        (UUID(high: .max, low: .max), "ffffffff-ffff-ffff-ffff-ffffffffffff"),
        (sample, "01234567-89ab-cdef-fedc-ba9876543210"),
    ])
    func `the text is lower case and is read back`(_ uuid: UUID, _ text: String) {
        #expect(uuid.description == text)
        #expect(UUID(parsing: text) == uuid)
    }

    @Test func `upper and mixed case are read`() {
        #expect(UUID(parsing: "01234567-89AB-CDEF-FEDC-BA9876543210") == Self.sample)
        #expect(UUID(parsing: "01234567-89aB-cDeF-FeDc-bA9876543210") == Self.sample)
    }

    @Test func `part of a string and raw octets are read alike`() {
        let path = "/users/01234567-89ab-cdef-fedc-ba9876543210"
        #expect(UUID(parsing: path.dropFirst("/users/".count)) == Self.sample)
        let octets = Array(path.utf8.dropFirst("/users/".utf8.count))
        #expect(UUID(parsing: octets.span) == Self.sample)
    }

    @Test func `appending leaves what the buffer held`() {
        var bytes = Array("id ".utf8)
        UUID(high: 0, low: 1).append(to: &bytes)
        #expect(String(decoding: bytes, as: UTF8.self) == "id 00000000-0000-0000-0000-000000000001")
    }

    @Test(arguments: [
        "", "-", "0123456789abcdeffedcba9876543210", "{01234567-89ab-cdef-fedc-ba9876543210}",
        "urn:uuid:01234567-89ab-cdef-fedc-ba9876543210", "01234567-89ab-cdef-fedc-ba987654321",
        "01234567-89ab-cdef-fedc-ba98765432100", "0123456-789ab-cdef-fedc-ba9876543210",
        "01234567-89ab-cdef-fedc-ba987654321g", "01234567-89ab-cdef-fedc_ba9876543210",
        " 1234567-89ab-cdef-fedc-ba9876543210", "+1234567-89ab-cdef-fedc-ba9876543210",
        "01234567-89ab-cdef-fedc-ba987654321\0", "0123456789ab--cdeffedc-ba9876543210",
        "01234567-89ab-cdef-fedc-ba98765432é0", "０1234567-89ab-cdef-fedc-ba9876543",
    ])
    func `any other form is refused`(_ text: String) {
        #expect(UUID(parsing: text) == nil)
    }

    /// Digits are examined eight at a time, so the place matters.
    @Test(arguments: 0..<36)
    func `no octet but a digit or a hyphen is taken for one, wherever it stands`(_ place: Int) {
        let digits = Array("0123456789abcdefABCDEF".utf8)
        for octet in UInt8.min ... .max {
            var text = Array("01234567-89aB-cDeF-FeDc-bA9876543210".utf8)
            let isHyphen = text[place] == UInt8(ascii: "-")
            text[place] = octet
            let isTaken = isHyphen ? octet == UInt8(ascii: "-") : digits.contains(octet)
            let expected = isTaken ? String(decoding: text, as: UTF8.self).lowercased() : nil
            #expect(UUID(parsing: text.span)?.description == expected)
        }
    }

    @Test func `the order is that of the octets`() {
        #expect(UUID(high: 0, low: .max) < UUID(high: 1, low: 0))
        #expect(UUID(high: 1, low: 0) < UUID(high: 1, low: 1))
        #expect(UUID(high: 0x7FFF_FFFF_FFFF_FFFF, low: 0) < UUID(high: 1 << 63, low: 0))
    }
}
