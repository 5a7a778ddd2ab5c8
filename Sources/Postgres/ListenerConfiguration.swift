/// How a ``NotificationListener`` behaves.
package struct ListenerConfiguration: Sendable {
    /// Time between two notifications to itself, by which it proves its channel.
    package var proofInterval: Duration = .seconds(1)
    /// Longest time for such a one to be heard; then the channel counts as lost.
    package var proofTimeout: Duration = .seconds(2)
    /// Wait after the first failed attempt to listen, less up to a half; it doubles each time.
    package var backoffMin: Duration = .milliseconds(100)
    /// Longest wait between attempts to listen.
    package var backoffMax: Duration = .seconds(5)
    /// Most events that wait for the consumer, at least 3; a payload has less than 8,000 octets.
    package var eventsMax = 1024
    /// How its connection behaves.
    package var session = SessionConfiguration()

    /// Makes the usual configuration.
    package init() {}
}
