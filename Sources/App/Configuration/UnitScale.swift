/// The units that a quantity may be written in, such as `250ms` or `64KiB`.
///
/// A quantity is a whole number of at most nine digits and one unit, with nothing between them.
struct UnitScale: Sendable {
    /// The units from the smallest, whose factor is 1, with what each holds of the smallest.
    let units: [(suffix: String, factor: Int)]

    /// Milliseconds: `ms`, `s`, `m`, `h`; a unit must be given.
    static let time = UnitScale(units: [("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000)])

    /// Seconds: `s`, `m`, `h`; a unit must be given.
    static let seconds = UnitScale(units: [("s", 1), ("m", 60), ("h", 3600)])

    /// Octets: `KiB`, `MiB`, `GiB`, or no unit for octets.
    static let size = UnitScale(
        units: [("", 1), ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30)])

    /// The quantity in the smallest unit, or nil if `text` is none.
    func value(parsing text: String) -> Int? {
        let digits = text.utf8.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        guard (1...9).contains(digits.count), let number = Int(Substring(digits)),
            let unit = units.first(where: { $0.suffix == text[digits.endIndex...] })
        else { return nil }
        return number * unit.factor
    }

    /// The quantity in the largest unit that divides it.
    func text(of value: Int) -> String {
        guard let unit = units.last(where: { value >= $0.factor && value % $0.factor == 0 }) else {
            return "\(value)\(units[0].suffix)"
        }
        return "\(value / unit.factor)\(unit.suffix)"
    }
}
