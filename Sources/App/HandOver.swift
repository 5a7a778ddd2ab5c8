/// Something that is kept until it is taken, once, and no longer.
actor HandOver<Value: Sendable> {
    private var value: Value?

    init(_ value: Value?) { self.value = value }

    /// What is there; nothing the next time.
    func take() -> Value? {
        defer { value = nil }
        return value
    }
}
