/// How far an upgrade goes, as Alembic writes it: `head`, `+2` or `0003`.
package enum UpgradeTarget: Equatable, Sendable {
    /// To the last migration.
    case head
    /// This many migrations further, at least one.
    case steps(Int)
    /// Until this one has run.
    case revision(Revision)

    /// Reads a target from the command line.
    /// - Throws: ``MigrationError/malformedTarget(_:)``.
    package init(parsing text: String) throws(MigrationError) {
        if text == "head" {
            self = .head
        } else if let count = stepCount(of: text, sign: "+") {
            self = .steps(count)
        } else if let revision = Revision(parsing: text) {
            self = .revision(revision)
        } else {
            throw .malformedTarget(text)
        }
    }
}

/// How far a downgrade goes, as Alembic writes it: `base`, `-1` or `0003`.
package enum DowngradeTarget: Equatable, Sendable {
    /// To before the first migration.
    case base
    /// This many migrations back, at least one.
    case steps(Int)
    /// Until this one is the last that has run.
    case revision(Revision)

    /// Reads a target from the command line.
    /// - Throws: ``MigrationError/malformedTarget(_:)``.
    package init(parsing text: String) throws(MigrationError) {
        if text == "base" {
            self = .base
        } else if let count = stepCount(of: text, sign: "-") {
            self = .steps(count)
        } else if let revision = Revision(parsing: text) {
            self = .revision(revision)
        } else {
            throw .malformedTarget(text)
        }
    }
}

/// The number after `sign`, from 1 to 9999, in one to four digits; nil for anything else.
private func stepCount(of text: String, sign: Character) -> Int? {
    let digits = text.dropFirst()
    guard text.first == sign, digits.utf8.count <= 4, digits.utf8.allSatisfy(isDigit),
        let count = Int(digits), count > 0
    else { return nil }
    return count
}
