import Ambient
import Authentication
import AuthenticationHTTP
import Logging
import Postgres
import Users

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
    func follow(_ events: ListenerEvents) async {
        isListening.set(false)
        for await event in events {
            switch event {
            case .listening:
                for cache in caches { await cache.listeningBegan() }
                isListening.set(true)
            case .lost:
                isListening.set(false)
                for cache in caches { await cache.listeningEnded() }
            case .notification(let notification): await take(notification.payload)
            }
        }
    }

    /// Takes `user ID` or `roles`; whatever else somebody says may mean anything.
    private func take(_ payload: String) async {
        let words = payload.split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 2, words[0] == "user", let id = UUID(parsing: words[1]) else {
            for cache in caches { await cache.accessChanged() }
            return
        }
        await accessChanged(of: UserID(id))
    }
}
