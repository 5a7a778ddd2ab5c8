/// How families are written for whoever scrapes them.
package enum ExpositionFormat: Sendable {
    /// Prometheus' text format, version 0.0.4.
    case text
    /// OpenMetrics 1.0.
    case openMetrics

    /// The media type, with its parameters.
    package var contentType: String {
        switch self {
        case .text: "text/plain; version=0.0.4; charset=utf-8"
        case .openMetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8"
        }
    }

    /// Writes families with all their series.
    package func serialize(_ families: [MetricFamily]) -> [UInt8] {
        var writer = ExpositionWriter(format: self)
        for family in families { writer.append(family) }
        writer.finish()
        return writer.octets
    }
}

private struct ExpositionWriter {
    let format: ExpositionFormat
    var octets: [UInt8] = []

    mutating func append(_ family: MetricFamily) {
        let description = family.description
        let name = format == .text ? description.name[...] : description.baseName
        append("# HELP \(name) ")
        append(escaping: description.help, quotes: format == .openMetrics)
        append("\n# TYPE \(name) \(description.kind.rawValue)\n")
        if format == .openMetrics, let unit = description.unit {
            append("# UNIT \(name) \(unit.rawValue)\n")
        }
        for series in family.series { append(series, of: description) }
    }

    mutating func finish() {
        if format == .openMetrics { append("# EOF\n") }
    }

    private mutating func append(_ series: MetricSeries, of description: MetricDescription) {
        let labels = Array(zip(description.labelNames, series.labelValues))
        let name = description.name
        switch series.value {
        case .number(let number): append(name, labels, number)
        case .histogram(let histogram):
            for bucket in histogram.buckets {
                append("\(name)_bucket", labels + [("le", bucket.bound.boundText)], bucket.count)
            }
            append("\(name)_bucket", labels + [("le", "+Inf")], histogram.count)
            append("\(name)_sum", labels, histogram.sum)
            append("\(name)_count", labels, histogram.count)
        }
    }

    private mutating func append(_ name: String, _ labels: [(String, String)], _ count: UInt64) {
        append(name, labels, MetricNumber(Int64(truncatingIfNeeded: count)))
    }

    private mutating func append(
        _ name: String, _ labels: [(String, String)], _ number: MetricNumber
    ) {
        append(name)
        var separator = "{"
        for (label, value) in labels {
            append("\(separator)\(label)=\"")
            append(escaping: value, quotes: true)
            append("\"")
            separator = ","
        }
        append(labels.isEmpty ? " " : "} ")
        append("\(number)\n")
    }

    private mutating func append(_ text: String) { octets += text.utf8 }

    /// A backslash and a line feed would be read as something else, and so would a quotation mark
    /// between others.
    private mutating func append(escaping text: String, quotes: Bool) {
        for octet in text.utf8 {
            switch octet {
            case UInt8(ascii: "\\"): append("\\\\")
            case UInt8(ascii: "\n"): append("\\n")
            case UInt8(ascii: "\"") where quotes: append("\\\"")
            default: octets.append(octet)
            }
        }
    }
}

extension MetricNumber: CustomStringConvertible {
    /// The number in decimal, without zeros at its end.
    package var description: String {
        guard decimals > 0 else { return "\(digits)" }
        let magnitude = String(digits.magnitude)
        let padding = String(repeating: "0", count: max(0, decimals + 1 - magnitude.count))
        let padded = padding + magnitude
        var text = String(padded.dropLast(decimals))
        let fraction = padded.suffix(decimals)
        if let last = fraction.lastIndex(where: { $0 != "0" }) {
            text += "." + fraction[...last]
        }
        return digits < 0 ? "-\(text)" : text
    }

    /// As a bound, which is a number with a point in either format: `1.0`, not `1`, so that a
    /// series has the same name in both (OpenMetrics 1.0, "Considerations: Canonical Numbers").
    fileprivate var boundText: String {
        let text = description
        return text.contains(".") ? text : "\(text).0"
    }
}
