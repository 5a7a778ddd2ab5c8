import Ambient
import Authentication
package import Reactor
package import Users

/// The ``TokenMemory`` of one loop, on which it lives.
package actor TokenCache {
    /// The loop.
    package nonisolated let loop: EventLoop
    /// The loop.
    package nonisolated var unownedExecutor: UnownedSerialExecutor {
        loop.asUnownedSerialExecutor()
    }

    private var memory = TokenMemory()

    /// Makes an empty cache.
    package init(loop: EventLoop) { self.loop = loop }

    /// What is remembered of a token with this tail. On the loop's thread.
    nonisolated func token(with tail: TokenTail, at time: Timestamp) -> RememberedToken? {
        assumeOnLoop(loop.isCurrent, (tail: tail, time: time)) {
            $0.memory.token(with: $1.tail, at: $1.time)
        }
    }

    /// The moment at which the database is asked. On the loop's thread.
    nonisolated var now: TokenMemory.Moment {
        assumeOnLoop(loop.isCurrent) { $0.memory.now }
    }

    /// Remembers a token that was verified at `time`. On the loop's thread.
    nonisolated func remember(_ token: [UInt8], _ claims: TokenClaims, at time: Timestamp) {
        assumeOnLoop(loop.isCurrent, (token: token, claims: claims, time: time)) {
            $0.memory.remember($1.token, $1.claims, at: $1.time)
        }
    }

    /// Remembers what a token allows, or why it is refused. On the loop's thread.
    nonisolated func remember(
        _ answer: TokenAnswer, of token: [UInt8], since moment: TokenMemory.Moment
    ) {
        assumeOnLoop(loop.isCurrent, (answer: answer, token: token, moment: moment)) {
            $0.memory.remember($1.answer, of: $1.token, since: $1.moment)
        }
    }

    /// Forgets what the tokens of a user allow.
    package func accessChanged(of user: UserID) { memory.accessChanged(of: user) }

    /// Forgets what every token allows.
    package func accessChanged() { memory.accessChanged() }

    /// From now on every change is told.
    package func listeningBegan() { memory.listeningBegan() }

    /// From now on changes may go untold.
    package func listeningEnded() { memory.listeningEnded() }
}
