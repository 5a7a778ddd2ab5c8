import Ambient

/// Sixteen hexadecimal digits that tell an edited text from the text that ran: FNV-1a with 64 bits.
///
/// It finds accidents. Who wants to deceive can write to the table of checksums as well.
package func checksum(of text: String) -> String {
    Digits.hexadecimal(StableHash(text).value)
}
