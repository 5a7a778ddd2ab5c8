import CIDN2
import CUnistring

extension DomainName {
    /// Checks a name in A-labels for labels that would show in another place than they have.
    ///
    /// Beside a label that runs from right to left, digits go to its other side: `1.אב.example`
    /// and `אב.1.example` look alike. So in a name that has such a label the Bidi rule holds for
    /// all of them (RFC 5893 §1.4 and §2), while libidn2 applies it only to those that run so
    /// themselves. What is left of it for the others is that they begin with a letter and end with
    /// a letter or a digit, marks aside (conditions 1 and 6).
    static func checkDirections(of name: String) throws(DomainNameError) {
        let labels = try unicodeForm(of: name).unicodeScalars.split(separator: ".")
        guard labels.contains(where: runsFromRightToLeft) else { return }
        for label in labels where !runsFromRightToLeft(label) {
            let last = label.last { $0.bidiClass != UC_BIDI_NSM }?.bidiClass
            guard label.first?.bidiClass == UC_BIDI_L, last == UC_BIDI_L || last == UC_BIDI_EN
            else { throw .disallowed }
        }
    }

    private static func runsFromRightToLeft(_ label: String.UnicodeScalarView.SubSequence) -> Bool {
        label.contains { [UC_BIDI_R, UC_BIDI_AL, UC_BIDI_AN].contains($0.bidiClass) }
    }

    /// The name with the letters that its A-labels stand for.
    private static func unicodeForm(of name: String) throws(DomainNameError) -> String {
        var result: UnsafeMutablePointer<CChar>?
        let status = idn2_to_unicode_8z8z(name, &result, 0)
        guard let result else { throw error(of: status) }
        let start = UnsafeMutableRawPointer(result).assumingMemoryBound(to: UInt8.self)
        let text = AllocatedText(owning: start, freedBy: idn2_free)
        guard status == IDN2_OK.rawValue else { throw error(of: status) }
        return text.stringBeforeZero()
    }
}

extension Unicode.Scalar {
    /// What the bidirectional algorithm takes this for (Unicode Standard Annex #9, table 4).
    fileprivate var bidiClass: Int {
        Int(uc_bidi_class(value))
    }
}
