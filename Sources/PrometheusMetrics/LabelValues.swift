import Synchronization

/// Values of a label that are written in the code, each where something is counted, so that no list
/// of all of them has to be kept: they are as closed a set as an enumeration.
package final class LabelValues: Sendable {
    let countMax: Int
    private let values = Mutex<[String]>([])

    /// Makes an empty set.
    /// - Parameter countMax: More values than the code has: there is room for as many series.
    package init(countMax: Int) { self.countMax = countMax }

    /// The position of a value, which is added if it is new. It takes a lock: whoever counts often
    /// asks once.
    package func position(of value: StaticString) -> Int {
        let text = "\(value)"
        return values.withLock { values in
            if let position = values.firstIndex(of: text) { return position }
            precondition(values.count < countMax, "\(text) is one label too many.")
            values.append(text)
            return values.count - 1
        }
    }

    /// The values that there are, by position.
    var all: [String] { values.withLock { $0 } }
}
