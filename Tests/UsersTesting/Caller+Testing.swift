import Ambient
package import Users

extension UserID {
    /// The id of ``Caller/administrator``.
    package static let administrator = UserID(
        UUID(high: 0x0190_b6c5_5b1e_7cc3, low: 0xa1f2_3d4e_5f60_718a))
}

extension Caller {
    /// Somebody who may do everything, for tests that are about something else.
    package static let administrator = Caller.authenticated(.administrator, .all)
}
