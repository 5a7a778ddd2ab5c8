import Glibc

// What libFuzzer calls, one function for each target; `scripts/fuzz` links each into a program of
// its own. The input is valid during the call only, so it is copied.

/// Feeds ``FuzzTarget/requests``.
@c(fuzz_requests)
package func fuzzRequests(_ octets: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    run(.requests, octets, count)
}

/// Feeds ``FuzzTarget/chunks``.
@c(fuzz_chunks)
package func fuzzChunks(_ octets: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    run(.chunks, octets, count)
}

/// Feeds ``FuzzTarget/targets``.
@c(fuzz_targets)
package func fuzzTargets(_ octets: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    run(.targets, octets, count)
}

/// Feeds ``FuzzTarget/values``.
@c(fuzz_values)
package func fuzzValues(_ octets: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    run(.values, octets, count)
}

/// Ends the process when a property does not hold, which libFuzzer takes for a finding.
private func run(
    _ target: FuzzTarget, _ octets: UnsafePointer<UInt8>?, _ count: Int
) -> CInt {
    do {
        try target.check(Array(UnsafeBufferPointer(start: octets, count: count)))
    } catch {
        let line = Array("\(target): \(error.description)\n".utf8)
        _ = write(STDERR_FILENO, line, line.count)
        abort()
    }
    return 0
}
