import Glibc

/// What lines go to.
protocol LogOutput {
    /// Writes as many of `octets` as can be written, waiting for the output if need be, and returns
    /// their number. Fewer than there are mean that the output refused the rest.
    func write(_ octets: Span<UInt8>) -> Int
}

/// A descriptor that lines go to. It is borrowed: whoever gave it closes it.
struct DescriptorOutput: LogOutput, Sendable {
    let descriptor: CInt

    /// Writes until the reader has gone (EPIPE), the disk is full, or the like. To be called with
    /// SIGPIPE blocked.
    func write(_ octets: Span<UInt8>) -> Int {
        octets.withUnsafeBytes { buffer in
            var count = 0
            while count < buffer.count {
                let rest = UnsafeRawBufferPointer(rebasing: buffer[count...])
                let written = Glibc.write(descriptor, rest.baseAddress, rest.count)
                if written >= 0 {
                    count += written
                } else if errno == EAGAIN {
                    waitUntilWritable()
                } else if errno != EINTR {
                    break
                }
            }
            return count
        }
    }

    /// Waits for room in a descriptor that does not block by itself.
    private func waitUntilWritable() {
        var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        _ = poll(&request, 1, -1)
    }
}
