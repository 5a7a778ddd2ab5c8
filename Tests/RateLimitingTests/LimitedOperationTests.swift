import HTTP
import HTTPTypes
import JSON
import RateLimiting
import Routing
import Testing

@testable import Documents

@Suite("What clients are told of a limited operation")
struct LimitedOperationTests {
    private let operation = Operation(
        "logIn", tag: "auth", "Log in", access: .anybody,
        answers: [
            Operation.Answer(200, "Tokens.", fields: [.cacheControl]),
            Operation.Answer(204, "None."),
        ], problems: [.unavailable]
    ).limited

    @Test func `the fields are with each answer, the problem among the problems`() {
        #expect(
            operation.answers.map { $0.fields.map(\.name) } == [
                [.cacheControl, .rateLimitPolicy, .rateLimit], [.rateLimitPolicy, .rateLimit],
            ])
        #expect(operation.problems.map(\.code) == ["unavailable", "rate_limited"])
        #expect(operation.problemFields.map(\.name) == [.rateLimitPolicy, .rateLimit])
        let fields = Operation.Field.fields(
            ofProblemWith: ProblemKind.rateLimited.status, answering: .post)
        #expect(fields.map(\.name) == [.retryAfter])
    }

    @Test func `nothing is told twice, however many limits there are`() {
        let twice = operation.limited
        #expect(twice.problems.map(\.code) == operation.problems.map(\.code))
        #expect(twice.problemFields.map(\.name) == operation.problemFields.map(\.name))
        #expect(
            twice.answers.map { $0.fields.map(\.name) }
                == operation.answers.map { $0.fields.map(\.name) })
    }

    @Test func `the values are as the document says, joined too`() throws {
        var fields = ResponseFields()
        let standing = RateLimitStanding(remaining: 0, secondsUntilRestored: 86_400)
        let largest = RateLimit(requestCount: 1_000_000_000, windowSeconds: 86_400)
        fields.append(RateLimitPolicy(.registerIP, largest).lines(standing))
        for field in [Operation.Field.rateLimit, .rateLimitPolicy] {
            guard case .object(let schema) = field.schema,
                case .string(let pattern)? = schema["pattern"]
            else {
                Issue.record("\(field.name) has no pattern.")
                continue
            }
            let value = try #require(fields.value(of: field.name))
            let expected = try Regex(pattern)
            for text in [value, "\(value), \(value)", "\(value),\(value)"] {
                #expect(text.wholeMatch(of: expected) != nil)
            }
            for text in ["", "\(value),", "x\(value)", "\(value);x=1"] {
                #expect(text.wholeMatch(of: expected) == nil)
            }
        }
    }

    @Test func `the document has them with answers and with problems`() throws {
        let route = RouteDeclaration(.post, "/auth/login", operation)
        let document = OpenAPIDocument(of: [route], version: "1").json
        let responses = try #require(
            document["paths"]?["/auth/login"]?["post"]?["responses"])
        for (status, others) in [
            ("200", ["Cache-Control"]), ("204", []), ("408", ["Cache-Control"]),
            ("429", ["Cache-Control", "Retry-After"]), ("503", ["Cache-Control", "Retry-After"]),
        ] {
            guard case .object(let headers)? = responses[status]?["headers"] else {
                Issue.record("\(status) has no fields.")
                continue
            }
            #expect(
                headers.members.map(\.name).sorted()
                    == ([
                        "Content-Security-Policy", "RateLimit", "RateLimit-Policy",
                        "X-Content-Type-Options", "X-Request-ID",
                    ] + others).sorted())
        }
        for name in ["RateLimit", "RateLimit-Policy"] {
            let header = document["components"]?["headers"]?[name]
            #expect(header?["required"] == false)
        }
    }
}

extension JSONValue {
    fileprivate subscript(name: String) -> JSONValue? {
        guard case .object(let object) = self else { return nil }
        return object[name]
    }
}
