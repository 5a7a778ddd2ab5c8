import Glibc

/// The two ends of a pipe, closed with it.
final class TestPipe: Sendable {
    let readEnd: CInt
    let writeEnd: CInt

    init() throws {
        var ends: [CInt] = [-1, -1]
        guard pipe(&ends) == 0 else { throw TestPipeError.noPipe(code: errno) }
        (readEnd, writeEnd) = (ends[0], ends[1])
    }

    deinit {
        _ = close(readEnd)
        _ = close(writeEnd)
    }

    /// Waits for octets, half a minute at most, and takes what is there, up to `countMax`.
    func read(atMost countMax: Int = 64 * 1024) throws -> [UInt8] {
        var request = pollfd(fd: readEnd, events: Int16(POLLIN), revents: 0)
        guard poll(&request, 1, 30_000) > 0 else { throw TestPipeError.nothingCame }
        var chunk = [UInt8](repeating: 0, count: countMax)
        let count = Glibc.read(readEnd, &chunk, chunk.count)
        return Array(chunk[..<max(0, count)])
    }

    /// Takes octets until `isEnough` says so of all that came.
    func readLines(until isEnough: ([Substring]) -> Bool) throws -> [Substring] {
        var octets: [UInt8] = []
        while true {
            octets += try read()
            guard octets.last == UInt8(ascii: "\n") else { continue }
            let lines = String(decoding: octets, as: UTF8.self).split(separator: "\n")
            if isEnough(lines) { return lines }
        }
    }

    /// Closes the only read end, so that writes fail with EPIPE; its number then is that of
    /// another file.
    func loseReader() {
        let other = open("/dev/null", O_RDONLY | O_CLOEXEC)
        _ = dup2(other, readEnd)
        _ = close(other)
    }

    /// Makes writes fail with EAGAIN instead of waiting.
    func makeWritesNonBlocking() {
        _ = fcntl(writeEnd, F_SETFL, O_NONBLOCK)
    }
}

enum TestPipeError: Error {
    case noPipe(code: CInt)
    case nothingCame
}
