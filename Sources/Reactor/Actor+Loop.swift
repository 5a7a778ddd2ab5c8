extension Actor {
    /// Runs `body` in this actor's isolation at once, for those who know that they are on the
    /// thread of the loop where this actor lives.
    ///
    /// It is `assumeIsolated(_:)`, which asks the runtime who runs: 350 instructions, several times
    /// for each request. Here one comparison of threads tells.
    ///
    /// The cast is sound: an isolated parameter is passed like any other, and the caller is where
    /// the isolation would have brought it, which is checked.
    /// - Parameter isCurrent: ``EventLoop/isCurrent`` of the loop that is this actor's executor.
    @inlinable
    @inline(__always)
    package nonisolated func assumeOnLoop<Value>(
        _ isCurrent: Bool, _ body: (isolated Self) -> Value
    ) -> Value {
        precondition(isCurrent, "Off the loop's thread.")
        return withoutActuallyEscaping(body) { body in
            unsafeBitCast(body, to: ((Self) -> Value).self)(self)
        }
    }
}
