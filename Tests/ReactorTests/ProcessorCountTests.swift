import Testing

@testable import Reactor

@Suite("Processor count")
struct ProcessorCountTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let text: String
        let expected: Int?
        var testDescription: String { "\(text.debugDescription) is \(expected as Int?)" }
    }

    @Test(arguments: [
        Case(text: "max 100000\n", expected: nil),
        Case(text: "50000 100000\n", expected: 1),
        Case(text: "100000 100000\n", expected: 1),
        Case(text: "250000 100000\n", expected: 2),
        Case(text: "400000 100000", expected: 4),
        Case(text: "1 0\n", expected: nil),
        Case(text: "-1 100000\n", expected: nil),
        Case(text: "100000\n", expected: nil),
        Case(text: "", expected: nil),
    ])
    func quota(_ given: Case) {
        #expect(ProcessorCount.quota(cpuMax: given.text) == given.expected)
    }

    @Test(
        "The quota is found where the control group has it",
        arguments: [
            // A unit of systemd.
            (
                [
                    "/proc/self/cgroup": "0::/a.slice/b\n",
                    "/sys/fs/cgroup/a.slice/b/cpu.max": "300000 100000\n",
                ], 3
            ),
            // A container, version 2.
            (["/proc/self/cgroup": "0::/\n", "/sys/fs/cgroup/cpu.max": "200000 100000\n"], 2),
            (["/proc/self/cgroup": "0::/../x\n", "/sys/fs/cgroup/cpu.max": "max 100000\n"], nil),
            // A container, version 1.
            (
                [
                    "/proc/self/cgroup": "12:cpu,cpuacct:/kubepods/pod1\n0::/system.slice\n",
                    "/sys/fs/cgroup/cpu/cpu.cfs_quota_us": "250000\n",
                    "/sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000\n",
                ], 2
            ),
            (
                [
                    "/sys/fs/cgroup/cpu/cpu.cfs_quota_us": "-1\n",
                    "/sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000\n",
                ], nil
            ),
            (["/sys/fs/cgroup/cpu/cpu.cfs_quota_us": "250000\n"], nil),
            ([:], nil),
        ] as [([String: String], Int?)])
    func files(_ given: (files: [String: String], expected: Int?)) {
        #expect(ProcessorCount.quota { given.files[$0] } == given.expected)
    }

    @Test func `there is at least one processor`() {
        #expect(ProcessorCount.available() >= 1)
    }
}
