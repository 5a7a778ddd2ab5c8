/// Where the compiler's proof of data-race freedom may be replaced by ours, and where locks may be.
struct SharedState: Sendable {
    /// The files that may say `@unchecked Sendable` or `nonisolated(unsafe)`, with a proof.
    let uncheckedFiles: Set<String>
    /// The targets that may hold a lock.
    let lockingTargets: Set<String>

    static let current = SharedState(
        uncheckedFiles: [
            "Sources/Gzip/Deflater.swift", "Sources/Gzip/Inflater.swift",
            "Sources/HTTPServer/ConnectionHost.swift", "Sources/JSONLogging/LogMemory.swift",
            "Sources/Postgres/CancelHandle.swift", "Sources/Postgres/LibpqHandle.swift",
            "Sources/Postgres/ResultSet.swift", "Sources/PrometheusMetrics/Cells.swift",
            "Sources/Reactor/EventLoop+EitherDirection.swift", "Sources/Reactor/EventLoop.swift",
            "Sources/Reactor/Gate.swift",
        ],
        lockingTargets: [
            // Of these, libargon2 calls from a thread that hashes, and cannot wait for an actor.
            "PasswordHashing",
            "JSONLogging", "PrometheusMetrics", "RateLimiting", "Reactor", "TraceExport",
        ])

    /// The places of a file where something is unchecked or locked that may not be.
    func findings(in file: SourceFile) -> [Finding] {
        let mayLock = file.tree == "Tests" || lockingTargets.contains(String(file.target))
        let mayBeUnchecked = uncheckedFiles.contains(file.path)
        return file.lines.compactMap { line in
            if isUnchecked(line), !mayBeUnchecked {
                return file.finding(line, "Unchecked; let an actor or a value hold this state.")
            }
            if !mayLock, line.code.hasWord("Mutex") || line.code.contains("pthread_mutex_") {
                return file.finding(line, "\(file.target) may hold no lock; use an actor.")
            }
            return nil
        }
    }

    /// The allowed files among which nothing is unchecked any more.
    func idleAllowances(among files: [SourceFile]) -> Set<String> {
        let used = files.filter { $0.lines.contains(where: isUnchecked) }
        return uncheckedFiles.subtracting(used.map(\.path))
    }

    private func isUnchecked(_ line: SourceFile.Line) -> Bool {
        line.code.contains("@unchecked") || line.code.contains("nonisolated(unsafe)")
    }
}
