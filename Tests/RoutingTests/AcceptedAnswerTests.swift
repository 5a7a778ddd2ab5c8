import HTTP
import HTTPTesting
import HTTPTypes
import JSON
import Routing
import Testing

@Suite("Answers that a client takes, RFC 9110 §15.5.7")
struct AcceptedAnswerTests {
    private let router = Router([
        Route(.get, "/text", Self.told(.text("text/plain")), TestEndpoint(name: "text")),
        Route(
            .post, "/text", Self.told(.text("text/plain")),
            FailingEndpoint(problem: .lengthRequired)),
        Route(.delete, "/text", Self.told(nil), TestEndpoint(name: "gone")),
    ])

    private static func told(_ content: Operation.Content?) -> Operation {
        Operation(
            "told", tag: "tests", "Told", access: .anybody,
            answers: [Operation.Answer(200, "All.", content)])
    }

    @Test(arguments: ["text/plain", "text/*;q=0.1", "*/*", "image/png, text/plain"])
    func `what is accepted is answered`(_ accept: String) async throws {
        for method in ["GET", "HEAD"] {
            let response = await router.respond(
                to: try Request("\(method) /text", fields: ["Accept: \(accept)"]))
            #expect(response.status == .ok && response.text == "text")
        }
    }

    @Test(arguments: ["application/json", "text/html", "text/plain;q=0", "application/*"])
    func `what is not is 406, and the endpoint is not asked`(_ accept: String) async throws {
        for method in ["GET", "HEAD", "POST"] {
            let response = await router.respond(
                to: try Request("\(method) /text", fields: ["Accept: \(accept)"]))
            #expect(response.status == .notAcceptable)
            #expect(response.fields.value(of: .contentType) == "application/problem+json")
            #expect(response.text.contains(#""code":"not_acceptable""#))
            #expect(response.text.contains("Available are: text/plain."))
            #expect(response.route?.template == "/text")
        }
    }

    @Test func `an answer without content needs no type, and a problem is sent all the same`()
        async throws
    {
        let deletion = await router.respond(
            to: try Request("DELETE /text", fields: ["Accept: image/png"]))
        #expect(deletion.status == .ok)
        let failure = await router.respond(
            to: try Request("POST /text", fields: ["Accept: text/plain"]))
        #expect(failure.status == .lengthRequired)
        let options = await router.respond(
            to: try Request("OPTIONS /text", fields: ["Accept: image/png"]))
        #expect(options.status == .noContent)
    }
}
