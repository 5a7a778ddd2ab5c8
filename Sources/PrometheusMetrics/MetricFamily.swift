/// What a family is called, and what it says.
package struct MetricDescription: Equatable, Sendable {
    /// How its values behave over time.
    package enum Kind: String, Sendable {
        /// They only grow.
        case counter
        /// They go up and down.
        case gauge
        /// They are counted by size.
        case histogram
    }

    /// Its name in the text format, `_total` of counters included.
    package let name: String
    /// What it says, in a sentence.
    package let help: String
    /// How its values behave.
    package let kind: Kind
    /// What they are measured in; nil if they are counts.
    package let unit: MetricUnit?
    /// The names of its labels.
    package let labelNames: [String]

    /// Describes a family. The name is made of `[a-z0-9_]`, begins with a letter, and ends in the
    /// unit, of counters in `_total` after that.
    package init(
        _ name: String, _ help: String, _ kind: Kind, unit: MetricUnit? = nil,
        labelNames: [String] = []
    ) {
        self.name = name
        self.help = help
        self.kind = kind
        self.unit = unit
        self.labelNames = labelNames
        precondition(
            ([name] + labelNames).allSatisfy(Self.isName) && !labelNames.contains("le"),
            "\(name) or a label of it is no name.")
        precondition(
            name.hasSuffix("_total") == (kind == .counter),
            "\(name) ends as a \(kind) does not.")
        precondition(
            unit.map { baseName.hasSuffix("_\($0.rawValue)") } ?? true,
            "\(name) does not end in its unit.")
    }

    /// The name without `_total`, by which OpenMetrics knows a family of counters.
    var baseName: Substring { kind == .counter ? name.dropLast("_total".count) : name[...] }

    private static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, first >= UInt8(ascii: "a") else { return false }
        return text.utf8.allSatisfy { octet in
            switch octet {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "_"):
                true
            default: false
            }
        }
    }
}

/// What values are measured in: base units, so that nobody has to convert.
package enum MetricUnit: String, Sendable {
    /// Times.
    case seconds
    /// Sizes: octets.
    case bytes
}

/// A family with the values that it had at one moment.
package struct MetricFamily: Equatable, Sendable {
    /// What it is called, and what it says.
    package let description: MetricDescription
    /// Its values.
    package let series: [MetricSeries]

    /// Makes a family; each series has a value for each label name.
    package init(_ description: MetricDescription, _ series: [MetricSeries]) {
        precondition(
            series.allSatisfy { $0.labelValues.count == description.labelNames.count },
            "A series of \(description.name) lacks a label.")
        self.description = description
        self.series = series
    }

    /// Makes a family of one series without labels.
    package init(_ description: MetricDescription, _ value: MetricNumber) {
        self.init(description, [MetricSeries([], .number(value))])
    }

    /// Makes a family of one series without labels, of a whole number.
    package init(_ description: MetricDescription, _ value: Int) {
        self.init(description, [MetricSeries([], value)])
    }
}

/// One line of values, or several that are one histogram.
package struct MetricSeries: Equatable, Sendable {
    /// What a series says.
    package enum Value: Equatable, Sendable {
        /// A counter's or a gauge's value.
        case number(MetricNumber)
        /// A histogram's.
        case histogram(HistogramValue)
    }

    /// The values of its labels, in the order of their names.
    package let labelValues: [String]
    /// What it says.
    package let value: Value

    /// Makes a series.
    package init(_ labelValues: [String], _ value: Value) {
        self.labelValues = labelValues
        self.value = value
    }

    /// Makes a series of a whole number.
    package init(_ labelValues: [String], _ value: Int) {
        self.init(labelValues, .number(MetricNumber(Int64(value))))
    }
}

/// A number with a fixed count of decimals, so that nothing is rounded.
package struct MetricNumber: Equatable, Sendable, ExpressibleByIntegerLiteral {
    /// The number, times ten to the power of ``decimals``.
    package let digits: Int64
    /// How many digits stand behind the point, at least 0.
    package let decimals: Int

    /// Makes a number, such as 1.25 of the digits 125 with 2 decimals.
    package init(_ digits: Int64, decimals: Int = 0) {
        self.digits = digits
        self.decimals = decimals
    }

    /// Makes a whole number.
    package init(integerLiteral value: Int64) { self.init(value) }
}

/// What a histogram has counted.
package struct HistogramValue: Equatable, Sendable {
    /// A bucket: how many were not above its bound.
    struct Bucket: Equatable, Sendable {
        let bound: MetricNumber
        let count: UInt64
    }

    /// Rising, each with what the ones below it have.
    let buckets: [Bucket]
    /// All that was counted.
    let count: UInt64
    let sum: MetricNumber

    /// Sums up buckets of which each has what is in none below it, the last one what is above all
    /// bounds.
    init(_ bounds: HistogramBounds, buckets counts: [UInt64], sum: UInt64) {
        func number(_ value: UInt64) -> MetricNumber {
            MetricNumber(Int64(truncatingIfNeeded: value), decimals: bounds.decimals)
        }
        var count: UInt64 = 0
        buckets = zip(bounds.values, counts).map { bound, inBucket in
            count &+= inBucket
            return Bucket(bound: number(bound), count: count)
        }
        self.count = count &+ (counts.last ?? 0)
        self.sum = number(sum)
    }
}
