/// What the kernel says of a process: its text in `/proc`, read; pure.
struct ProcessStatus: Equatable {
    /// Time that its threads have run, of their own and for them in the kernel, in clock ticks.
    var processorTicks: Int64
    /// How many threads it has.
    var threadCount: Int64
    /// When it was started, in clock ticks after the machine was.
    var startTicks: Int64
    /// Octets of its address space.
    var virtualBytes: Int64
    /// Pages of it that are in memory.
    var residentPages: Int64

    /// Reads `/proc/[pid]/stat`, proc_pid_stat(5); nil if it is not of that form.
    init?(parsing text: String) {
        // The second field is the program's name, in which anything may stand, parentheses too.
        guard let name = text.lastIndex(of: ")") else { return nil }
        let fields = text[name...].split { $0 == " " || $0 == "\n" }.dropFirst()
        // Fields have numbers from 1, and the first one here is the third.
        func field(_ number: Int) -> Int64? {
            let index = fields.startIndex + number - 3
            return fields.indices.contains(index) ? Int64(fields[index]) : nil
        }
        guard let user = field(14), let system = field(15), let threads = field(20),
            let start = field(22), let virtual = field(23), let resident = field(24)
        else { return nil }
        processorTicks = user + system
        threadCount = threads
        startTicks = start
        virtualBytes = virtual
        residentPages = resident
    }
}

/// When the machine was started, by `/proc/stat` (proc_stat(5)), in seconds since 1970; nil if it
/// is not of that form.
func bootTime(parsing text: String) -> Int64? {
    let line = text.split(separator: "\n").first { $0.hasPrefix("btime ") }
    return line.flatMap { Int64($0.dropFirst("btime ".count)) }
}
