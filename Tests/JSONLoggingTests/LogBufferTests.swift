import Testing

@testable import JSONLogging

@Suite("The buffer between callers and writer")
struct LogBufferTests {
    typealias Place = LogBuffer.Place
    typealias Batch = LogBuffer.Batch

    @Test
    func `lines lie one after the other, and on the other page once the writer has taken one`() {
        var buffer = LogBuffer(octetsMax: 1000)
        #expect(buffer.append(7) == Place(page: 0, offset: 0))
        #expect(buffer.append(5) == Place(page: 0, offset: 7))
        #expect(buffer.take() == Batch(page: 0, octetCount: 12))
        #expect(buffer.append(3) == Place(page: 1, offset: 0))
        buffer.batchEnded(linesLost: 0)
        #expect(buffer.take() == Batch(page: 1, octetCount: 3))
        buffer.batchEnded(linesLost: 0)
        #expect(buffer.append(4) == Place(page: 0, offset: 0))
    }

    @Test func `the line that makes it half full needs the writer, and no later one`() {
        var buffer = LogBuffer(octetsMax: 28)
        #expect(buffer.append(7) == Place(page: 0, offset: 0))
        #expect(buffer.append(7) == Place(page: 0, offset: 7))
        #expect(!buffer.isHalfFull)
        #expect(buffer.append(7) == Place(page: 0, offset: 14, isWriterNeeded: true))
        #expect(buffer.isHalfFull)
        #expect(buffer.append(7) == Place(page: 0, offset: 21))
    }

    @Test func `a line beyond the bound is dropped and counted, shorter ones still fit`() {
        var buffer = LogBuffer(octetsMax: 10)
        #expect(buffer.append(7) != nil)
        #expect(buffer.append(4) == nil)
        #expect(buffer.append(3) == Place(page: 0, offset: 7))
        #expect(buffer.linesDropped == 1)
        #expect(buffer.take() == Batch(page: 0, octetCount: 10, linesLost: 1))
    }

    @Test func `a line that can never fit is something for the writer to tell`() {
        var buffer = LogBuffer(octetsMax: 3)
        #expect(buffer.isEmpty)
        #expect(buffer.append(4) == nil)
        #expect(!buffer.isEmpty)
        #expect(buffer.take() == Batch(page: 0, octetCount: 0, linesLost: 1))
        #expect(buffer.isEmpty)
    }

    @Test func `there is room again as soon as the writer has taken the lines`() {
        var buffer = LogBuffer(octetsMax: 7)
        #expect(buffer.append(7) != nil)
        _ = buffer.take()
        #expect(buffer.append(7) != nil)
        #expect(buffer.append(1) == nil)
    }

    @Test func `octets are done when their batch has ended`() {
        var buffer = LogBuffer(octetsMax: 1000)
        _ = buffer.append(7)
        _ = buffer.take()
        _ = buffer.append(5)
        #expect((buffer.octetsAppended, buffer.octetsDone) == (12, 0))
        buffer.batchEnded(linesLost: 1)
        #expect((buffer.octetsAppended, buffer.octetsDone) == (12, 7))
        #expect(buffer.linesDropped == 1)
    }

    @Test func `closed it takes nothing in, and gives what it has`() {
        var buffer = LogBuffer(octetsMax: 1000)
        _ = buffer.append(7)
        buffer.close()
        #expect(buffer.append(7) == nil)
        #expect(buffer.linesDropped == 1)
        #expect(buffer.take() == Batch(page: 0, octetCount: 7, linesLost: 1))
    }
}
