/// The names of a family's labels, and the values that they take together: one row a series.
package struct MetricLabels<Label: MetricLabel>: Sendable {
    let names: [String]
    /// Most rows that there can be.
    let rowsMax: Int
    /// The rows that there are; a row keeps its position.
    let rows: @Sendable () -> [[String]]
    /// Whether a series is written before anything has happened in it.
    let showsUnseen: Bool

    private init(names: [String], rows: [[String]], showsUnseen: Bool) {
        precondition(rows.allSatisfy { $0.count == names.count }, "A row lacks a label: \(names).")
        precondition(Set(rows).count == rows.count, "Two series have the same labels: \(names).")
        self.names = names
        self.rowsMax = rows.count
        self.rows = { rows }
        self.showsUnseen = showsUnseen
    }

    fileprivate init(name: String, values: LabelValues) {
        names = [name]
        rowsMax = values.countMax
        rows = { values.all.map { [$0] } }
        showsUnseen = true
    }
}

extension MetricLabels where Label == NoLabel {
    /// No label: the family is one series.
    package static var none: Self { Self(names: [], rows: [[]], showsUnseen: true) }
}

extension MetricLabels where Label: ClosedLabel {
    /// One label, which takes the raw values of an enumeration.
    package static func label(_ name: String) -> Self {
        let cases = Array(Label.allCases)
        precondition(
            MemoryLayout<Label>.size <= 1 && cases.map(\.seriesIndex) == Array(cases.indices),
            "\(Label.self) is no enumeration of at most 256 cases in order.")
        return Self(names: [name], rows: cases.map { [$0.rawValue] }, showsUnseen: true)
    }
}

extension MetricLabels where Label == Int {
    /// One label, which takes these values; a series is named by the position of its value.
    package static func label(_ name: String, values: [String]) -> Self {
        Self(names: [name], rows: values.map { [$0] }, showsUnseen: true)
    }

    /// One label, whose values come to light when code that counts is first reached.
    package static func label(_ name: String, values: LabelValues) -> Self {
        Self(name: name, values: values)
    }

    /// Several labels, each of which takes values of its own. The last one changes first: with the
    /// values `a`, `b` and `1`, `2`, `3` the series of `b` and `1` has the position 3.
    /// - Parameter showsUnseen: Whether series are written in which nothing has happened yet;
    ///   with `false` there may be many that never come about.
    package static func product(
        _ labels: KeyValuePairs<String, [String]>, showsUnseen: Bool = true
    ) -> Self {
        let rows = labels.reduce(into: [[]]) { rows, label in
            rows = rows.flatMap { row in label.value.map { row + [$0] } }
        }
        return Self(names: labels.map(\.key), rows: rows, showsUnseen: showsUnseen)
    }
}
