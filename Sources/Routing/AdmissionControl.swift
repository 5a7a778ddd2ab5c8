package import HTTP
import HTTPTypes

/// Decides which requests are answered, whatever they ask for; a reference, so that to ask it
/// copies nothing.
package protocol AdmissionControl: AnyObject, Sendable {
    /// Decides on a request once it is known whom it speaks for, if nobody has to be asked for
    /// that: a short cut, which spares most requests a call that may wait; else nil.
    /// On the caller's executor.
    func admissionAtOnce(of request: Request) -> Admission?

    /// Decides on a request once it is known whom it speaks for. On the caller's executor.
    func admission(of request: Request) async -> Admission
}

/// Whether a request may be answered.
package enum Admission: Sendable {
    /// It may; the answer, whatever it is, tells this as well.
    case admitted(RateLimitLines?)
    /// It may not, for this reason.
    case refused(Problem)
}

extension Problem {
    /// Whether it tells of something that could not be found out.
    var isTemporary: Bool { kind.status == .serviceUnavailable }
}
