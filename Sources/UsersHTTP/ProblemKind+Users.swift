import HTTPTypes
package import HTTP
import JSON
import Users

extension ProblemKind {
    /// All kinds of problems that requests for users have, beside those that any service has.
    package static let users: [ProblemKind] = [
        .malformedJSON, .malformedID, .malformedCondition, .unknownParameter, .invalidFlag,
        .invalidLimit, .invalidSort, .invalidFilter, .invalidCursor, .cursorMismatch, .invalidMode,
        .malformedIdempotencyKey, .idempotencyInProgress, .idempotencyKeyReused,
        .registrationClosed,
        .userNotFound, .emailTaken, .externalIDTaken, .idTaken, .versionMismatch,
        .validationFailed, .preconditionRequired, .outcomeUnknown,
        .searchTimedOut, .wrongCurrentPassword, .lastAdministrator,
    ]

    /// 400: the content is no JSON.
    package static let malformedJSON = ProblemKind(
        code: "malformed_json", status: .badRequest, title: "The body is not valid JSON",
        meaning: "The content is not JSON as RFC 8259 has it, in UTF-8, with at most "
            + "\(JSONParser.depthMax) levels, numbers of at most 64 bits and no member that stands "
            + "twice.",
        remedy: "The detail says what is wrong and at which octet.",
        faults: [("duplicate_member", "The member stands twice in one object.")])

    /// 400: an id is none.
    package static let malformedID = ProblemKind(
        code: "malformed_id", status: .badRequest, title: "The id is malformed",
        meaning: "The id in the path is neither a UUID nor me.",
        remedy: "Use the id, or the Location, that the service gave.")

    static let malformedCondition = ProblemKind(
        code: "malformed_condition", status: .badRequest, title: "A condition is malformed",
        meaning: "If-Match or If-None-Match is neither * nor a list of quoted entity tags.",
        remedy: "Send the ETag of an answer unchanged, quotes included.")

    /// 400: the query has a parameter that nobody knows.
    package static let unknownParameter = ProblemKind(
        code: "unknown_parameter", status: .badRequest,
        title: "A parameter of the query is unknown",
        meaning: "The query has a parameter that this resource does not know. It is refused, since "
            + "to ignore a filter would show more than was asked for.",
        remedy: "Use the parameters that the detail lists.")

    /// 400: a flag is neither true nor false.
    package static let invalidFlag = ProblemKind(
        code: "invalid_flag", status: .badRequest,
        title: "A parameter of the query is neither true nor false",
        meaning: "The parameter that the detail names is one of two words.",
        remedy: "Send true or false, or leave it out.")

    static let invalidLimit = ProblemKind(
        code: "invalid_limit", status: .badRequest, title: "The limit is out of range",
        meaning: "The limit of a page is no number, or is larger or smaller than may be.",
        remedy: "Send a number from \(PageLimit.range.lowerBound) to "
            + "\(PageLimit.range.upperBound), and follow next_cursor for more.")

    static let invalidCursor = ProblemKind(
        code: "invalid_cursor", status: .badRequest, title: "The cursor is invalid",
        meaning: "The cursor is not what a page of this list gave.",
        remedy: "Send next_cursor unchanged, or begin again without a cursor.")

    static let cursorMismatch = ProblemKind(
        code: "cursor_mismatch", status: .badRequest, title: "The cursor is of another list",
        meaning: "The cursor was given by a list with other filters or another order.",
        remedy: "Follow the Link of the page, or send what the first page was asked for with each "
            + "cursor. Only the limit may change on the way.")

    static let invalidSort = ProblemKind(
        code: "invalid_sort", status: .badRequest, title: "There is no such order",
        meaning: "The list has no order of this name.",
        remedy: "Use one that the detail lists, or leave sort out for the newest first.")

    static let invalidFilter = ProblemKind(
        code: "invalid_filter", status: .badRequest,
        title: "A filter has a value that it cannot have",
        meaning: "Nobody could be found with this value, which is none of the filter's kind.",
        remedy: "The detail names the filter and what its values are.")

    static let invalidMode = ProblemKind(
        code: "invalid_mode", status: .badRequest, title: "The mode is invalid",
        meaning: "The query of a deletion says neither that the user can be restored nor that it "
            + "cannot.",
        remedy: "Send mode=soft, which is the default, or mode=hard.")

    static let registrationClosed = ProblemKind(
        code: "registration_closed", status: .forbidden, title: "Registration is closed",
        meaning: "The operators have closed registration (REGISTRATION_ENABLED=false).",
        remedy: "Have an administrator create the user.")

    /// 404: nobody has the id.
    package static let userNotFound = ProblemKind(
        code: "user_not_found", status: .notFound, title: "There is no such user",
        meaning: "Nobody has this id, or the user is deleted.",
        remedy: "Who may read all users finds deleted ones with include_deleted=true, and who may "
            + "write them restores them.")

    static let emailTaken = ProblemKind(
        code: "email_taken", status: .conflict, title: "The e-mail address is in use",
        meaning: "Another user who is not deleted has this address, perhaps in other letter case.",
        remedy: "Use another address.", pointer: "/email")

    static let externalIDTaken = ProblemKind(
        code: "external_id_taken", status: .conflict, title: "The external id is in use",
        meaning: "Another user who is not deleted has this external id.",
        remedy: "Use another one, or change the user who has it.", pointer: "/external_id")

    static let idTaken = ProblemKind(
        code: "id_taken", status: .conflict, title: "The id is in use",
        meaning: "A user has this id already; deleted users keep theirs.",
        remedy: "Choose another id, or leave it to the service; a deleted user can be restored.",
        pointer: "/id")

    static let malformedIdempotencyKey = ProblemKind(
        code: "malformed_idempotency_key", status: .badRequest,
        title: "The Idempotency-Key is malformed",
        meaning:
            "The Idempotency-Key is not \(IdempotencyKey.lengths.lowerBound) to "
            + "\(IdempotencyKey.lengths.upperBound) visible characters of ASCII, or there are two.",
        remedy: "Send one key that nobody else would choose, such as a random UUID.")

    static let idempotencyInProgress = ProblemKind(
        code: "idempotency_in_progress", status: .conflict,
        title: "The same request is still being answered",
        meaning: "A request with this Idempotency-Key has come and has no answer yet, or had none "
            + "when its process ended, less than a minute ago.",
        remedy: "Repeat the request after Retry-After, until it has its answer.")

    static let idempotencyKeyReused = ProblemKind(
        code: "idempotency_key_reused", status: .unprocessableContent,
        title: "The Idempotency-Key belongs to another request",
        meaning: "A request with this Idempotency-Key and another content has come within a day.",
        remedy: "Use a new key for each request, and repeat a request octet by octet.")

    static let versionMismatch = ProblemKind(
        code: "version_mismatch", status: .preconditionFailed,
        title: "The user has changed since it was read",
        meaning: "The user is not in the version that If-Match names, or is in one that "
            + "If-None-Match names.",
        remedy: "Read the user again, and repeat the change with its new ETag if it still fits.")

    /// 422: members of the content are not as they must be.
    package static let validationFailed = ProblemKind(
        code: "validation_failed", status: .unprocessableContent,
        title: "The request has invalid members",
        meaning: "The content is JSON, but some of its members are not as they must be. All of "
            + "them are in errors, each with its place as a JSON Pointer and a code of its own.",
        remedy: "Mend the members that errors names.",
        faults: FaultCode.allCases.map { ($0.rawValue, $0.meaning) })

    static let preconditionRequired = ProblemKind(
        code: "precondition_required", status: .preconditionRequired,
        title: "The change must be conditional",
        meaning: "The operators ask for If-Match with each change (REQUIRE_IF_MATCH=true), so that "
            + "nobody overwrites what he has not seen.",
        remedy: "Read the user and send its ETag as If-Match.")

    /// 503: nobody knows whether a change took effect.
    package static let outcomeUnknown = ProblemKind(
        code: "outcome_unknown", status: .serviceUnavailable,
        title: "It is not known whether the change took effect",
        meaning: "The connection to the database was lost after the change was sent. It may have "
            + "been carried out, and is not repeated by the service.",
        remedy: "Read the user before you repeat the change; with If-Match, or with the "
            + "Idempotency-Key that it had, it is safe to repeat.")

    static let searchTimedOut = ProblemKind(
        code: "search_timed_out", status: .serviceUnavailable,
        title: "The search takes too long",
        meaning: "The list could not be read within the time that the operators allow for a search "
            + "(DATABASE_SEARCH_TIMEOUT).",
        remedy: "Search for something longer, or with more filters; or try again later.")
}
