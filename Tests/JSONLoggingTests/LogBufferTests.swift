import Testing

@testable import JSONLogging

@Suite("The buffer between callers and writer")
struct LogBufferTests {
    private let line = Array("a line\n".utf8)

    @Test func `a sleeping writer is woken once`() {
        var buffer = LogBuffer(octetsMax: 1000)
        #expect(buffer.nextStep() == .sleep)
        #expect(buffer.append(line) == .wakeWriter)
        #expect(buffer.append(line) == .nothing)
    }

    @Test func `a writer that is awake is not woken by a line`() {
        var buffer = LogBuffer(octetsMax: 1000)
        #expect(buffer.append(line) == .nothing)
        #expect(buffer.nextStep() == .gather)
    }

    @Test func `a gathering writer is woken once when the buffer is half full`() {
        var buffer = LogBuffer(octetsMax: 4 * line.count)
        #expect(buffer.append(line) == .nothing)
        #expect(buffer.append(line) == .nothing)
        #expect(buffer.append(line) == .wakeWriter)
        #expect(buffer.append(line) == .nothing)
        #expect(buffer.nextStep() == .write)
    }

    @Test func `lines are handed over in order and then gone`() {
        var buffer = LogBuffer(octetsMax: 1000)
        _ = buffer.append(Array("one\n".utf8))
        _ = buffer.append(Array("two\n".utf8))
        #expect(taken(from: &buffer).octets == Array("one\ntwo\n".utf8))
        buffer.batchEnded(linesLost: 0)
        #expect(taken(from: &buffer) == LogBuffer.Batch())
    }

    @Test func `a line beyond the bound is dropped and counted, shorter ones still fit`() {
        var buffer = LogBuffer(octetsMax: 10)
        _ = buffer.append(line)
        _ = buffer.append(line)
        _ = buffer.append(Array("ab\n".utf8))
        #expect(buffer.linesDropped == 1)
        let batch = taken(from: &buffer)
        #expect(batch.octets == line + Array("ab\n".utf8))
        #expect(batch.linesLost == 1)
    }

    @Test func `a line that can never fit wakes the writer, so that the loss is told`() {
        var buffer = LogBuffer(octetsMax: 3)
        #expect(buffer.nextStep() == .sleep)
        #expect(buffer.append(line) == .wakeWriter)
        #expect(buffer.nextStep() == .gather)
        #expect(taken(from: &buffer).linesLost == 1)
    }

    @Test func `there is room again as soon as the writer has taken the lines`() {
        var buffer = LogBuffer(octetsMax: line.count)
        _ = buffer.append(line)
        _ = taken(from: &buffer)
        _ = buffer.append(line)
        #expect(buffer.linesDropped == 0)
    }

    @Test func `octets are done when their batch has ended`() {
        var buffer = LogBuffer(octetsMax: 1000)
        _ = buffer.append(line)
        _ = taken(from: &buffer)
        _ = buffer.append(line)
        #expect((buffer.octetsAppended, buffer.octetsDone) == (14, 0))
        buffer.batchEnded(linesLost: 1)
        #expect((buffer.octetsAppended, buffer.octetsDone) == (14, 7))
        #expect(buffer.linesDropped == 1)
    }

    @Test func `somebody who waits ends the gathering`() {
        var buffer = LogBuffer(octetsMax: 1000)
        _ = buffer.append(line)
        #expect(buffer.waitBegan() == .wakeWriter)
        #expect(buffer.nextStep() == .write)
        buffer.waitEnded()
        #expect(buffer.nextStep() == .gather)
    }

    @Test func `a closed buffer takes nothing in and stops its writer when it is empty`() {
        var buffer = LogBuffer(octetsMax: 1000)
        _ = buffer.append(line)
        #expect(buffer.close() == .wakeWriter)
        _ = buffer.append(line)
        #expect(buffer.linesDropped == 1)
        #expect(buffer.nextStep() == .write)
        #expect(taken(from: &buffer).octets == line)
        buffer.batchEnded(linesLost: 0)
        #expect(buffer.nextStep() == .stop)
    }

    private func taken(from buffer: inout LogBuffer) -> LogBuffer.Batch {
        var batch = LogBuffer.Batch()
        buffer.exchange(&batch)
        return batch
    }
}
