import Glibc

/// What lines go to.
protocol LogOutput {
    /// Writes some of `octets`, which are one or more, waiting for the output if need be, and
    /// returns their number; 0 if the output refuses them.
    func write(_ octets: Span<UInt8>) -> Int
}

/// A descriptor that lines go to. It is borrowed: whoever gave it closes it.
struct DescriptorOutput: LogOutput, Sendable {
    let descriptor: CInt

    /// Writes unless the reader has gone (EPIPE), the disk is full, or the like. To be called with
    /// SIGPIPE blocked.
    func write(_ octets: Span<UInt8>) -> Int {
        octets.withUnsafeBytes { buffer in
            while true {
                let written = Glibc.write(descriptor, buffer.baseAddress, buffer.count)
                if written >= 0 { return written }
                switch errno {
                case EINTR: continue
                case EAGAIN: waitUntilWritable()
                default: return 0
                }
            }
        }
    }

    /// Waits for room in a descriptor that does not block by itself.
    private func waitUntilWritable() {
        var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        _ = poll(&request, 1, -1)
    }
}
