extension Actor {
    /// Runs `body` in this actor's isolation at once, for those who know that they are on the
    /// thread of the loop where this actor lives.
    ///
    /// It is `assumeIsolated(_:)`, which asks the runtime who runs: 350 instructions, several times
    /// for each request. Here one comparison of threads tells.
    ///
    /// The cast is sound: an isolated parameter is passed like any other, and the caller is where
    /// the isolation would have brought it, which is checked.
    /// - Parameters:
    ///   - isCurrent: ``EventLoop/isCurrent`` of the loop that is this actor's executor.
    ///   - argument: What `body` needs.
    ///   - body: It should capture nothing: then the compiler sees through the cast and calls it
    ///     like any other function, else each call allocates what is captured.
    @inlinable
    @inline(__always)
    package nonisolated func assumeOnLoop<Argument, Value>(
        _ isCurrent: Bool, _ argument: Argument,
        _ body: @escaping (isolated Self, Argument) -> Value
    ) -> Value {
        precondition(isCurrent, "Off the loop's thread.")
        return unsafeBitCast(body, to: ((Self, Argument) -> Value).self)(self, argument)
    }

    /// ``assumeOnLoop(_:_:_:)`` for a `body` that needs nothing but the actor.
    @inlinable
    @inline(__always)
    package nonisolated func assumeOnLoop<Value>(
        _ isCurrent: Bool, _ body: @escaping (isolated Self) -> Value
    ) -> Value {
        precondition(isCurrent, "Off the loop's thread.")
        return unsafeBitCast(body, to: ((Self) -> Value).self)(self)
    }
}
