/// The events that wait for a listener's consumer, a bounded number.
///
/// One too many throws all of them away: the consumer is told that it has missed something.
struct ListenerEventBuffer: Equatable, Sendable {
    private let eventsMax: Int
    private var events: [ListenerEvent] = []
    private var takenCount = 0

    /// Makes an empty buffer for `eventsMax` events, at least 3.
    init(eventsMax: Int) {
        precondition(eventsMax >= 3, "A loss takes two events and a place, not \(eventsMax).")
        self.eventsMax = eventsMax
    }

    /// How many events wait.
    var count: Int { events.count - takenCount }

    /// Appends an event.
    /// - Returns: false if there was no room, and everything was thrown away.
    mutating func append(_ event: ListenerEvent) -> Bool {
        guard count >= eventsMax else {
            events.append(event)
            return true
        }
        takenCount = 0
        switch event {
        // It came before the consumer hears that it can trust again, so it tells nothing new.
        case .notification, .listening: events = [.lost(.overflow), .listening]
        case .lost: events = [event]
        }
        return false
    }

    /// Takes the oldest event; nil if there is none.
    mutating func popFirst() -> ListenerEvent? {
        guard count > 0 else { return nil }
        let event = events[takenCount]
        takenCount += 1
        // Moving the rest now and then costs less than each time.
        if takenCount == events.count || takenCount >= 256 {
            events.removeFirst(takenCount)
            takenCount = 0
        }
        return event
    }

    /// Throws everything away.
    mutating func removeAll() {
        events.removeAll()
        takenCount = 0
    }
}
