/// All migrations of this build: at least one, numbered from `0001` without gaps.
package struct MigrationSet: Equatable, Sendable {
    /// The migrations in order; the one at index 0 is `0001`.
    package let files: [MigrationFile]

    /// Puts `files` in order.
    /// - Throws: ``MigrationError/noFiles``, ``MigrationError/duplicate(_:)`` or
    ///   ``MigrationError/missingFile(_:)``.
    package init(_ files: [MigrationFile]) throws(MigrationError) {
        guard !files.isEmpty else { throw .noFiles }
        self.files = files.sorted { $0.revision < $1.revision }
        for (index, file) in self.files.enumerated() {
            let expected = Revision(number: index + 1)
            if file.revision < expected { throw .duplicate(file.revision) }
            if file.revision > expected { throw .missingFile(expected) }
        }
    }

    /// The last revision.
    package var head: Revision { Revision(number: files.count) }
}
