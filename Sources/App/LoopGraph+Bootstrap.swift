import Ambient
import JSONLogging
import Logging
import Postgres
import Reactor
import Users
import UsersPostgres

extension LoopGraph {
    /// Waits between attempts to make the first administrator, while the database is away.
    private static let waits = (least: Duration.milliseconds(200), most: Duration.seconds(10))

    /// Makes the administrator of `BOOTSTRAP_ADMIN_…` if there is none; until it has been decided,
    /// or the task is cancelled.
    func make(_ administrator: FirstAdministrator) async {
        var wait = Self.waits.least
        while !Task.isCancelled {
            do throws(UserError) {
                return try await makeOnce(administrator)
            } catch .unavailable, .outcomeUnknown {
                await pool.loop.sleep(for: wait)
                wait = min(wait * 2, Self.waits.most)
            } catch .emailTaken {
                return shared.logger.error(
                    "BOOTSTRAP_ADMIN_EMAIL is the address of a user who is no administrator")
            } catch {
                return shared.logger.error(
                    "The first administrator could not be made",
                    metadata: .keyed([.cause: "\(error)"]))
            }
        }
    }

    private func makeOnce(_ administrator: FirstAdministrator) async throws(UserError) {
        guard try await !users.hasAdministrator() else { return }
        let hash = try await shared.passwords.hash(administrator.password)
        let user = administrator.user(id: UserID(shared.ids.next()), at: shared.clock.now())
        guard try await users.insertFirstAdministrator(user, passwordHash: hash) else { return }
        shared.logger.notice(
            "The first administrator was made", metadata: .keyed([.userID: "\(user.id.uuid)"]))
    }
}
