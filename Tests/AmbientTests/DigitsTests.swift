import Testing

@testable import Ambient

@Suite("Digits as octets")
struct DigitsTests {
    @Test(
        arguments: [
            0, 1, 9, 10, 11, 99, 100, 101, 999, 1000, 12_345, 99_999, 100_000, 9_999_999_999,
            999_999_999_999_999_999, 1_000_000_000_000_000_000, .max, -1, -10, -99, -100, .min,
        ] as [Int64])
    func `a decimal number is written as Swift writes it`(_ value: Int64) {
        var octets: [UInt8] = []
        octets.append(atMost: Digits.decimalOctetsMax) { Digits.write(decimal: value, to: $0) }
        #expect(String(decoding: octets, as: UTF8.self) == "\(value)")
    }

    @Test(
        arguments: [
            (0, "00000000"), (1, "00000001"), (0x9ABC_DEF0, "9abcdef0"), (0x0123_4567, "01234567"),
            (0xA9A9_9A9A, "a9a99a9a"), (.max, "ffffffff"),
        ] as [(UInt32, String)])
    func `eight hexadecimal digits`(_ value: UInt32, _ text: String) {
        var octets: [UInt8] = [0]
        octets.append(atMost: 8) {
            Digits.write(hexadecimal: value, to: $0)
            return 8
        }
        #expect(String(decoding: octets.dropFirst(), as: UTF8.self) == text)
    }

    @Test(
        arguments: [
            (0, "0000000000000000"), (0xA_BCDE_F012, "0000000abcdef012"),
            (.max, "ffffffffffffffff"),
        ] as [(UInt64, String)])
    func `sixteen hexadecimal digits`(_ value: UInt64, _ text: String) {
        #expect(Digits.hexadecimal(value) == text)
    }
}
