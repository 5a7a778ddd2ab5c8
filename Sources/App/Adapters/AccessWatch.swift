import Ambient
import Authentication
import AuthenticationHTTP
import Logging
import Postgres
import Users
import UsersRedis

/// Tells every loop of what ends or changes what tokens allow: what this process has done, at once,
/// and what others have done, as the database tells.
struct AccessWatch: AccessObserver {
    /// Where the triggers of `migrations/0004_access.sql` tell of changes.
    static let channel = ChannelName("user_management_access")

    let caches: [TokenCache]
    /// Whether what others have done is heard.
    let isListening: MetricFlag

    func accessChanged(of user: UserID) async {
        for cache in caches { await cache.accessChanged(of: user) }
    }

    func accessChanged(ofHoldersOf role: RoleName) async {
        for cache in caches { await cache.accessChanged() }
    }

    /// Takes what a listener hears until it is closed.
    /// - Parameter cache: What is to forget the users that it hears of; nil for nothing.
    func follow(_ events: ListenerEvents, forgettingIn cache: RedisUserCache?) async {
        isListening.set(false)
        for await event in events {
            switch event {
            case .listening:
                for cache in caches { await cache.listeningBegan() }
                isListening.set(true)
            case .lost:
                isListening.set(false)
                for cache in caches { await cache.listeningEnded() }
            case .notification(let notification):
                let user = Self.user(in: notification.payload)
                if let user, let cache {
                    // Whatever Redis does, access is not kept waiting, and this is a net: whoever
                    // has made the change has had it forgotten.
                    Task(executorPreference: cache.loop) { await cache.forgetIfPossible(user) }
                }
                if notification.channel == Self.channel.rawValue { await accessChanged(user) }
            }
        }
    }

    /// Whose access it is; nil if anybody's may be.
    private func accessChanged(_ user: UserID?) async {
        guard let user else {
            for cache in caches { await cache.accessChanged() }
            return
        }
        await accessChanged(of: user)
    }

    /// The user that is meant by `user ID`; nil for `roles`, and for whatever else somebody says,
    /// which may mean anything.
    private static func user(in payload: String) -> UserID? {
        let words = payload.split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 2, words[0] == "user" else { return nil }
        return UUID(parsing: words[1]).map(UserID.init)
    }
}
