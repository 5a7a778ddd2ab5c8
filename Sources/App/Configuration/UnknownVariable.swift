/// A variable that looks like one of the service's and is none: most likely a slip of the pen.
package struct UnknownVariable: Hashable, Sendable, CustomStringConvertible {
    /// The name that is set.
    package let name: String
    /// The known name that is most like it.
    package let nearest: String

    /// One line for the operator.
    package var description: String {
        "\(name) is set, but no such variable is read; the nearest known name is \(nearest)"
    }
}

extension Environment {
    /// The variables that are set, share their first word with a known one, and are not known.
    ///
    /// Left out is what others put into an environment: the addresses of Docker links and
    /// Kubernetes services, `OTEL_*` of other telemetry, and `HTTP_PROXY`.
    package var unknownVariables: [UnknownVariable] {
        let accepted = VariableName.accepted
        let prefixes = Set(accepted.compactMap(firstWord)).subtracting(["OTEL_"])
        return names.compactMap { name in
            guard !accepted.contains(name), !isForeign(name),
                let prefix = firstWord(of: name), prefixes.contains(prefix),
                let nearest = nearest(to: name, among: accepted)
            else { return nil }
            return UnknownVariable(name: name, nearest: nearest)
        }
    }
}

/// The name that takes the fewest edits to reach. Names with words too many or too few at the end
/// come first, because `DATABASE_POOL` means `DATABASE_POOL_SIZE` and not `DATABASE_URL`; of those
/// that go on where it ends, the one that is declared first is the most usual.
private func nearest(to name: String, among names: [String]) -> String? {
    if let whole = names.first(where: { $0.hasPrefix(name + "_") }) { return whole }
    let akin = names.filter { $0.hasPrefix(name) || name.hasPrefix($0) }
    let candidates = akin.isEmpty ? names : akin
    return candidates.min { distance($0, name) < distance($1, name) }
}

/// The first word of a name with its underscore, `DATABASE_` of `DATABASE_URL`; nil for one word.
private func firstWord(of name: String) -> String? {
    name.firstIndex(of: "_").map { String(name[...$0]) }
}

/// Whether a name is put into environments by Docker links, Kubernetes services or proxies.
private func isForeign(_ name: String) -> Bool {
    name == "HTTP_PROXY" || name.hasSuffix("_SERVICE_HOST") || name.contains("_SERVICE_PORT")
        || name.hasSuffix("_PORT") || name.contains("_PORT_")
}

/// How many octets must be put in, taken out or replaced to make one name of the other
/// (Levenshtein's distance), looking at no more than 64 octets of each.
private func distance(_ left: String, _ right: String) -> Int {
    let left = Array(left.utf8.prefix(64))
    let right = Array(right.utf8.prefix(64))
    var row = Array(0...right.count)
    for (i, octet) in left.enumerated() {
        var diagonal = row[0]
        row[0] = i + 1
        for (j, other) in right.enumerated() {
            let replaced = diagonal + (octet == other ? 0 : 1)
            diagonal = row[j + 1]
            row[j + 1] = min(replaced, row[j] + 1, diagonal + 1)
        }
    }
    return row[right.count]
}
