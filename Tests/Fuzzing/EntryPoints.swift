import Dispatch
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

/// Feeds ``FuzzTarget/json``.
@c(fuzz_json)
package func fuzzJSON(_ octets: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    run(.json, octets, count)
}

/// Feeds ``FuzzTarget/patches``.
@c(fuzz_patches)
package func fuzzPatches(_ octets: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    run(.patches, octets, count)
}

/// Feeds ``FuzzTarget/emails``.
@c(fuzz_emails)
package func fuzzEmails(_ octets: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    run(.emails, octets, count)
}

/// Feeds ``FuzzTarget/cursors``.
@c(fuzz_cursors)
package func fuzzCursors(_ octets: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    run(.cursors, octets, count)
}

/// Feeds ``FuzzTarget/tokens``.
@c(fuzz_tokens)
package func fuzzTokens(_ octets: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    run(.tokens, octets, count)
}

/// Feeds ``FuzzTarget/migrations``.
@c(fuzz_migrations)
package func fuzzMigrations(_ octets: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    run(.migrations, octets, count)
}

/// Feeds ``FuzzTarget/entries``.
@c(fuzz_entries)
package func fuzzEntries(_ octets: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    run(.entries, octets, count)
}

/// Feeds ``FuzzTarget/replies``.
@c(fuzz_replies)
package func fuzzReplies(_ octets: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    run(.replies, octets, count)
}

/// Ends the process when a property does not hold, which libFuzzer takes for a finding.
///
/// Only a check that has to wait for something, such as the first token, goes to another thread.
private func run(
    _ target: FuzzTarget, _ octets: UnsafePointer<UInt8>?, _ count: Int
) -> CInt {
    let input = Array(UnsafeBufferPointer(start: octets, count: count))
    let end = DispatchSemaphore(value: 0)
    Task.immediate {
        do throws(BrokenProperty) {
            try await target.check(input)
        } catch {
            let line = Array("\(target): \(error.description)\n".utf8)
            _ = write(STDERR_FILENO, line, line.count)
            abort()
        }
        end.signal()
    }
    end.wait()
    return 0
}
