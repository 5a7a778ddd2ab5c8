import Glibc
package import PrometheusMetrics

/// What the kernel knows of this process, asked at each scrape; by the names that Prometheus'
/// libraries have for it.
package struct ProcessMetrics: Sendable {
    private static let processorTime = MetricDescription(
        "process_cpu_seconds_total", "Processor time of all threads.", .counter, unit: .seconds)
    private static let residentMemory = MetricDescription(
        "process_resident_memory_bytes", "Memory that is in use.", .gauge, unit: .bytes)
    private static let virtualMemory = MetricDescription(
        "process_virtual_memory_bytes", "Address space that is in use.", .gauge, unit: .bytes)
    private static let threads = MetricDescription(
        "process_threads", "Threads.", .gauge)
    private static let startTime = MetricDescription(
        "process_start_time_seconds", "When the process was started, since 1970.", .gauge,
        unit: .seconds)
    private static let openDescriptors = MetricDescription(
        "process_open_fds", "Descriptors that are open.", .gauge)
    private static let descriptorsMax = MetricDescription(
        "process_max_fds", "Descriptors that may be open.", .gauge)

    private let ticksPerSecond = Int64(sysconf(CInt(_SC_CLK_TCK)))
    /// It does not change, but for the machine's clock being set.
    private let bootTime = contents(of: "/proc/stat").flatMap(Monitoring.bootTime)

    /// Has the families collected at each scrape.
    package static func declare(in registry: MetricsRegistry) {
        let metrics = ProcessMetrics()
        registry.collect { metrics.families() }
    }

    /// The families; what the kernel does not tell is left out.
    func families() -> [MetricFamily] {
        var families: [MetricFamily] = []
        if let status = contents(of: "/proc/self/stat").flatMap(ProcessStatus.init) {
            families += [
                MetricFamily(Self.processorTime, time(ofTicks: status.processorTicks)),
                MetricFamily(
                    Self.residentMemory, MetricNumber(status.residentPages * pageBytes)),
                MetricFamily(Self.virtualMemory, MetricNumber(status.virtualBytes)),
                MetricFamily(Self.threads, MetricNumber(status.threadCount)),
            ]
            if let bootTime {
                let sinceBoot = time(ofTicks: status.startTicks)
                families.append(
                    MetricFamily(
                        Self.startTime,
                        MetricNumber(bootTime * 1_000 + sinceBoot.digits, decimals: 3)))
            }
        }
        if let count = openDescriptorCount() {
            families.append(MetricFamily(Self.openDescriptors, MetricNumber(count)))
        }
        var limits = rlimit()
        if getrlimit(CInt(RLIMIT_NOFILE.rawValue), &limits) == 0 {
            families.append(
                MetricFamily(
                    Self.descriptorsMax, MetricNumber(Int64(clamping: limits.rlim_cur))))
        }
        return families
    }

    /// A length of time in seconds, to the millisecond.
    private func time(ofTicks ticks: Int64) -> MetricNumber {
        MetricNumber(ticks * 1_000 / ticksPerSecond, decimals: 3)
    }

    /// The descriptors that are open. Since Linux 6.2 they are the size of the folder that lists
    /// them, which saves listing them; before it was 0.
    private func openDescriptorCount() -> Int64? {
        var facts = stat()
        guard stat("/proc/self/fd", &facts) == 0 else { return nil }
        guard facts.st_size == 0 else { return Int64(facts.st_size) }
        guard let folder = opendir("/proc/self/fd") else { return nil }
        defer { closedir(folder) }
        var count: Int64 = 0
        while readdir(folder) != nil { count += 1 }
        // Beside the descriptors it has `.`, `..` and the one that it is read by.
        return count - 3
    }
}

/// Octets of a page of memory.
let pageBytes = Int64(sysconf(CInt(_SC_PAGESIZE)))

/// The text of a file of `/proc`, of which a machine with many interrupts has long ones; nil if it
/// cannot be read.
func contents(of path: String) -> String? {
    let number = open(path, O_RDONLY | O_CLOEXEC)
    guard number >= 0 else { return nil }
    defer { close(number) }
    var (octets, chunk) = ([UInt8](), [UInt8](repeating: 0, count: 16_384))
    while octets.count < 1 << 20 {
        let count = read(number, &chunk, chunk.count)
        guard count >= 0 else { return nil }
        guard count > 0 else { break }
        octets += chunk[..<count]
    }
    return String(decoding: octets, as: UTF8.self)
}
