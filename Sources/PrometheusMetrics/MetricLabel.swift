/// What tells the series of one family apart. There are as many as the label has values, so a label
/// is a closed set: nothing that a client sends can add to it.
package protocol MetricLabel: Sendable {
    /// The position of the series among those of its family, from 0.
    var seriesIndex: Int { get }
}

/// The label of a family that has one series only.
package struct NoLabel: MetricLabel {
    /// 0, the only one.
    package var seriesIndex: Int { 0 }
}

/// The position of a series whose labels are known when the process starts, such as routes.
extension Int: MetricLabel {
    /// The position itself.
    package var seriesIndex: Int { self }
}

/// A label whose values are the cases of an enumeration without associated values; the raw values
/// are what is written.
package protocol ClosedLabel: MetricLabel, CaseIterable, RawRepresentable
where RawValue == String {}

extension ClosedLabel {
    /// The position of the case among all.
    package var seriesIndex: Int {
        // The only octet of such an enumeration is the number of the case, and with one case there
        // is none; `MetricLabels.label(_:)` holds that against `allCases` once for each family.
        withUnsafeBytes(of: self) { $0.isEmpty ? 0 : Int($0[0]) }
    }
}
