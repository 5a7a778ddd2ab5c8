/// A text that no log, fault or debugger's dump may show.
package struct Secret: Hashable, Sendable {
    /// The text itself, for the one place that needs it.
    package let rawValue: String

    /// Keeps `rawValue` out of sight.
    package init(_ rawValue: String) {
        self.rawValue = rawValue
    }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// A placeholder.
    package var description: String { "(not shown)" }
    /// A placeholder.
    package var debugDescription: String { description }
    /// Nothing, so that `dump` shows nothing either.
    package var customMirror: Mirror { Mirror(self, children: []) }
}
