import Ambient
import JSON
import Users

/// Values that a test needs and is not about. What is malformed here is a mistake in the test.
enum Sample {
    static let time = Timestamp(microsecondsSince1970: 1_795_380_360_123_456)

    static func email(_ text: String = "ada@example.com") throws(InvalidValue) -> EmailAddress {
        try EmailAddress(parsing: text)
    }

    static func draft(
        email: String = "ada@example.com", password: String? = "correct horse battery"
    ) throws(InvalidValue) -> UserDraft {
        var draft = UserDraft(
            email: try EmailAddress(parsing: email),
            displayName: try DisplayName(parsing: "Ada Lovelace"))
        if let password {
            draft.password = try Password(parsing: password, under: PasswordPolicy())
        }
        return draft
    }

    static func object(_ text: String) throws -> JSONObject {
        guard case .object(let object) = try json(text) else { return JSONObject() }
        return object
    }

    static func json(_ text: String) throws -> JSONValue {
        try JSONParser.parse(Array(text.utf8).span)
    }
}

/// What comes of parsing, in a form that a table can expect.
enum Outcome<Value: Equatable & Sendable>: Equatable, Sendable {
    case value(Value)
    case fault(FaultCode)
}

func outcome<Value>(_ parse: () throws(InvalidValue) -> Value) -> Outcome<Value> {
    do { return .value(try parse()) } catch { return .fault(error.code) }
}

func parse<Value: ParsableFromText>(_ text: String, as type: Value.Type) -> Outcome<Value> {
    outcome { () throws(InvalidValue) in try Value(parsing: text) }
}

/// The error of `work`; nil if it throws none.
func failure(of work: () async throws(UserError) -> Void) async -> UserError? {
    do {
        try await work()
        return nil
    } catch {
        return error
    }
}
