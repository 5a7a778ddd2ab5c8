import Glibc
import Testing

@testable import Reactor

@Suite("Limit of descriptors")
struct DescriptorLimitTests {
    @Test func `it is raised to what an unprivileged process may have`() async {
        // The limit is the process's, so the test has a process to itself.
        await #expect(processExitsWith: .success) {
            var limits = rlimit(rlim_cur: 64, rlim_max: 128)
            try #require(setrlimit(CInt(RLIMIT_NOFILE.rawValue), &limits) == 0)
            #expect(DescriptorLimit.raised() == 128)
            #expect(DescriptorLimit.raised() == 128)
            getrlimit(CInt(RLIMIT_NOFILE.rawValue), &limits)
            #expect(limits.rlim_cur == 128)
        }
    }
}
