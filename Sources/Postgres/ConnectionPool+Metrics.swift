import Reactor

extension ConnectionPool: TurnParticipant {
    /// Sees to it that the metrics are told how the pool stands when the turn has ended.
    func statisticsChanged() {
        guard meter != nil, !isTurnEndAwaited else { return }
        isTurnEndAwaited = true
        loop.callAtEndOfTurn(self, .answers)
    }

    /// Tells the metrics how the pool stands.
    package nonisolated func turnEnded() {
        assumeOnLoop(loop.isCurrent) { pool in
            pool.isTurnEndAwaited = false
            pool.meter?.tell(pool.state.statistics)
        }
    }
}
