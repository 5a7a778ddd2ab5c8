/// How a ``NotificationListener`` behaves.
package struct ListenerConfiguration: Sendable {
    /// Time between two notifications to itself, by which it proves its channel.
    package var proofInterval: Duration = .seconds(1)
    /// Longest time for such a one to be heard; then the channel counts as lost.
    ///
    /// Less would lose channels that work: beside 64 writers on an overloaded machine one of 656
    /// took half a second from `NOTIFY` to being heard, and here it waits for a connection of the
    /// pool before. A loss costs a question for each request with a token, when the database has
    /// the least time for it.
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
