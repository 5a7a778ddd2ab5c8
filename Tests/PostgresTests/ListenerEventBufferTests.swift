import Testing

@testable import Postgres

@Suite("Events that wait for a listener's consumer")
struct ListenerEventBufferTests {
    private static func notification(_ number: Int) -> ListenerEvent {
        .notification(Notification(channel: "c", payload: String(number)))
    }

    private static func drained(_ buffer: ListenerEventBuffer) -> [ListenerEvent] {
        var buffer = buffer
        var events: [ListenerEvent] = []
        while let event = buffer.popFirst() { events.append(event) }
        return events
    }

    @Test func `events come in their order`() {
        var buffer = ListenerEventBuffer(eventsMax: 1000)
        let expected = [.listening] + (0..<700).map(Self.notification)
        for event in expected {
            let isTaken = buffer.append(event)
            #expect(isTaken)
        }
        #expect(buffer.count == 701)
        #expect(Self.drained(buffer) == expected)
    }

    @Test func `room that was made is used again`() {
        var buffer = ListenerEventBuffer(eventsMax: 3)
        for number in 0..<1000 {
            let isTaken = buffer.append(Self.notification(number))
            #expect(isTaken)
            #expect(buffer.popFirst() == Self.notification(number))
        }
        #expect(buffer.popFirst() == nil)
    }

    @Test(arguments: [
        (notification(9), [ListenerEvent.lost(.overflow), .listening]),
        (.listening, [.lost(.overflow), .listening]),
        (.lost(.silence), [.lost(.silence)]),
    ])
    func `one too many leaves a loss and what it comes to`(
        event: ListenerEvent, expected: [ListenerEvent]
    ) {
        var buffer = ListenerEventBuffer(eventsMax: 3)
        for number in 0..<3 { _ = buffer.append(Self.notification(number)) }
        let isTaken = buffer.append(event)
        #expect(!isTaken)
        #expect(Self.drained(buffer) == expected)
        _ = buffer.append(Self.notification(10))
        #expect(Self.drained(buffer) == expected + [Self.notification(10)])
    }
}
