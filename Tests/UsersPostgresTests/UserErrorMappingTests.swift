import Postgres
import Testing
import Users

@testable import UsersPostgres

@Suite("What an error of the database means for users")
struct UserErrorMappingTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let error: PostgresError
        let expected: String

        init(_ testDescription: String, _ error: PostgresError, _ expected: String) {
            self.testDescription = testDescription
            self.error = error
            self.expected = expected
        }

        init(_ sqlState: String, on constraint: String? = nil, _ expected: String) {
            testDescription = [sqlState, constraint].compactMap(\.self).joined(separator: " on ")
            error = .server(ServerError(sqlState: sqlState, constraint: constraint))
            self.expected = expected
        }
    }

    @Test(arguments: [
        Case("no connection", .connectionFailed("x"), "unavailable(storageAway)"),
        Case("a lost connection", .connectionLost, "unavailable(storageAway)"),
        Case("no free connection", .timedOut(.acquire), "unavailable(storageAway)"),
        Case("no answer", .timedOut(.statement), "unavailable(storageAway)"),
        Case("a closed pool", .closed, "unavailable(storageAway)"),
        Case("too many callers", .overloaded, "unavailable(overloaded)"),
        Case("a write without an answer", .outcomeUnknown, "outcomeUnknown"),
        Case("another shape", .unexpectedResult("x"), "corrupt"),
        Case("a value that cannot be sent", .invalidParameter("x"), "storage"),
        Case("a wrong setting", .invalidConfiguration("x"), "storage"),
    ])
    func `an error of the client's side`(_ given: Case) {
        #expect(UserError(given.error).kind == given.expected)
    }

    @Test(arguments: [
        Case("23505", on: "users_email_key_live", "emailTaken"),
        Case("23505", on: "users_external_id_live", "externalIDTaken"),
        Case("23505", on: "users_pkey", "idTaken"),
        Case("23503", on: "users_roles_exist", "unknownRole"),
        Case("23514", on: "users_last_administrator", "lastAdministrator"),
        Case("23514", on: "users_roles_count", "invalid"),
        Case("23505", on: "roles_pkey", "roleExists"),
        Case("23514", on: "roles_built_in", "roleBuiltIn"),
        Case("42501", on: "users_roles_within", "outranked"),
        Case("42501", "storage"),
        Case("23505", on: "users_other", "storage"),
        Case("23505", "storage"),
        Case("23514", on: "users_email_key_live", "storage"),
        Case("23514", on: "users_display_name_length", "storage"),
        Case("40001", "unavailable(contended)"),
        Case("40P01", "unavailable(contended)"),
        Case("53100", "unavailable(storageAway)"),
        Case("53200", "unavailable(storageAway)"),
        Case("53300", "unavailable(storageAway)"),
        Case("57014", "unavailable(storageAway)"),
        Case("57P01", "unavailable(storageAway)"),
        Case("57P03", "unavailable(storageAway)"),
        Case("58030", "unavailable(storageAway)"),
        Case("25006", "unavailable(storageAway)"),
        Case("25P02", "storage"),
        Case("42501", "storage"),
        Case("42703", "storage"),
        Case("42P01", "storage"),
        Case("22021", "storage"),
        Case("XX000", "storage"),
        Case("ZZ999", "storage"),
        Case("", "storage"),
    ])
    func `an error of the server, by its SQLSTATE and constraint`(_ given: Case) {
        #expect(UserError(given.error).kind == given.expected)
    }

    @Test func `an error keeps its cause for the log`() {
        let causes: [PostgresError] = [
            .connectionLost, .overloaded, .outcomeUnknown, .invalidConfiguration("x"),
            .invalidParameter("x"), .server(ServerError(sqlState: "57014")),
            .server(ServerError(sqlState: "40001")),
            .server(ServerError(sqlState: "ZZ999")),
        ]
        for cause in causes {
            #expect(UserError(cause).cause as? PostgresError == cause)
        }
    }
}

extension UserError {
    fileprivate var cause: (any Error)? {
        switch self {
        case .unavailable(_, let cause), .outcomeUnknown(let cause): cause
        case .storage(let cause): cause
        case .notFound, .emailTaken, .externalIDTaken, .idTaken, .versionMismatch, .attemptRunning,
            .attemptDiffers, .lastAdministrator, .unknownRole, .roleNotFound, .roleExists,
            .roleInUse, .roleBuiltIn, .tooManyRoles, .wrongCurrentPassword, .throttled, .outranked,
            .notPermitted, .invalid, .corrupt:
            nil
        }
    }
}
