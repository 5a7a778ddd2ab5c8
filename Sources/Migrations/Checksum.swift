/// Sixteen hexadecimal digits that tell an edited text from the text that ran: FNV-1a with 64 bits.
///
/// It finds accidents. Who wants to deceive can write to the table of checksums as well.
package func checksum(of text: String) -> String {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in text.utf8 {
        hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3
    }
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
}
