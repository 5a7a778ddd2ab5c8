import Ambient
import Users
import UsersHTTP
import UsersTesting

/// Writes a user as an administrator reads it.
@Sendable func writeUsers(_ count: Int) throws -> Int {
    var draft = UserDraft(
        email: try EmailAddress(parsing: "ada.lovelace@example.com"),
        displayName: try DisplayName(parsing: "Ada Lovelace"))
    draft.metadata = Metadata(trusted: Array(#"{"team": "analytical engines"}"#.utf8))
    let time = Timestamp(microsecondsSince1970: 1_795_380_360_123_456)
    let user = User(draft, id: .administrator, at: time)
    var sum = 0
    for _ in 0..<count {
        sum &+= UserJSON.text(of: user, for: .administrator).count
    }
    return sum
}
