import CLinux
import Glibc
import Testing

@testable import JSONLogging

@Suite("The buffers of all threads")
struct LogQueueTests {
    private let line = Array("a line\n".utf8)

    @Test func `a sleeping writer is woken by a line, once`() throws {
        let queue = try LogQueue(octetsMax: 1000)
        #expect(queue.nextStep() == .sleep)
        queue.append(line)
        #expect(wakes(queue))
        queue.append(line)
        #expect(!wakes(queue))
        #expect(queue.nextStep() == .gather)
    }

    @Test func `a writer that is awake is not woken by a line`() throws {
        let queue = try LogQueue(octetsMax: 1000)
        queue.append(line)
        #expect(!wakes(queue))
        #expect(queue.nextStep() == .gather)
    }

    @Test func `a gathering writer is woken once when a buffer is half full`() throws {
        let queue = try LogQueue(octetsMax: 4 * line.count)
        for isWoken in [false, false, true, false] {
            queue.append(line)
            #expect(wakes(queue) == isWoken)
        }
        #expect(queue.nextStep() == .write)
    }

    @Test func `a line that was dropped wakes the writer, so that the loss is told`() throws {
        let queue = try LogQueue(octetsMax: 3)
        #expect(queue.nextStep() == .sleep)
        queue.append(line)
        #expect(wakes(queue))
        #expect(queue.nextStep() == .gather)
        #expect(queue.take(from: 0).linesLost == 1)
    }

    @Test func `closed it stops its writer once it is empty`() throws {
        let queue = try LogQueue(octetsMax: 1000, loopCount: 1)
        onLoop(0) { queue.append(line) }
        queue.close()
        #expect(wakes(queue))
        #expect(queue.nextStep() == .write)
        queue.ended(queue.take(from: 1), of: 1, linesLost: 0)
        queue.append(line)
        queue.ended(queue.take(from: 0), of: 0, linesLost: 0)
        #expect(queue.nextStep() == .stop)
        #expect(queue.linesDropped == 1)
    }

    @Test func `each loop has a buffer, and all other threads have one`() throws {
        let queue = try LogQueue(octetsMax: 1000, loopCount: 2)
        queue.append(Array("main\n".utf8))
        for loop in [0, 1, 2] { onLoop(loop) { queue.append(Array("loop \(loop)\n".utf8)) } }
        #expect(queue.bufferCount == 3)
        #expect(
            (0..<3).map { taken(from: $0, of: queue) } == [
                "main\nloop 2\n", "loop 0\n", "loop 1\n",
            ])
    }

    @Test func `loops share out what one would have, and longer lines go to the other threads'`()
        throws
    {
        let queue = try LogQueue(octetsMax: 1 << 20, loopCount: 4)
        #expect(queue.memory.sizes == [1 << 20, 1 << 20] + Array(repeating: 1 << 18, count: 8))
        let (long, longer) = (
            [UInt8](repeating: 0x61, count: 1 << 18), [UInt8](repeating: 0x62, count: 1 << 20)
        )
        onLoop(3) {
            queue.append(long)
            queue.append(longer)
        }
        #expect(queue.take(from: 4).octetCount == long.count)
        #expect(queue.take(from: 0).octetCount == longer.count)
        #expect(queue.linesDropped == 0)
    }

    @Test func `many loops have 64 KiB each`() throws {
        let queue = try LogQueue(octetsMax: 1 << 20, loopCount: 64)
        #expect(queue.memory.sizes.dropFirst(2).allSatisfy { $0 == 1 << 16 })
    }

    private func wakes(_ queue: LogQueue) -> Bool { queue.wake.wait(upTo: .zero) }

    private func taken(from index: Int, of queue: LogQueue) -> String {
        let batch = queue.take(from: index)
        return queue.memory.withOctets(of: batch.page, in: 0..<batch.octetCount) { octets in
            octets.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
        }
    }

    /// Runs `body` as if this thread ran an event loop.
    private func onLoop(_ number: Int, _ body: () -> Void) {
        linux_set_loop_of_current_thread(CInt(number))
        defer { linux_set_loop_of_current_thread(-1) }
        body()
    }
}
