import HTTP
import HTTPTypes
import Testing

@Suite("Problem Details")
struct ProblemTests {
    private struct Cause: Error {}

    private func json(_ problem: Problem, instance: String = "", requestID: String = "") -> String {
        String(
            decoding: problem.response(instance: instance, requestID: requestID).body,
            as: UTF8.self)
    }

    private func kind(
        _ status: HTTPResponse.Status, _ code: String, title: String
    ) -> ProblemKind {
        ProblemKind(code: code, status: status, title: title, meaning: "", remedy: "")
    }

    @Test func `the members that are there are sent, in this order`() {
        var problem = Problem(of: kind(.conflict, "email_taken", title: "In use"))
        #expect(
            json(problem)
                == #"{"type":"/problems/email_taken","title":"In use","status":409,"#
                + #""code":"email_taken"}"#
        )
        problem.detail = "Try another."
        problem.faults = [
            .init(pointer: "/email", code: "taken", detail: "a"),
            .init(pointer: "", code: "b", detail: "c"),
        ]
        #expect(
            json(problem, instance: "/users", requestID: "r1")
                == #"{"type":"/problems/email_taken","title":"In use","status":409,"#
                + #""detail":"Try another.","instance":"/users","code":"email_taken","#
                + #""request_id":"r1","errors":[{"pointer":"/email","code":"taken","detail":"a"},"#
                + #"{"pointer":"","code":"b","detail":"c"}]}"#)
    }

    @Test(
        arguments: [
            ("\"", #"\""#), ("\\", #"\\"#), ("\\\"", #"\\\""#), ("/", "/"), ("\0", #"\u0000"#),
            ("\u{1F}", #"\u001f"#), ("\u{0A}\u{0D}\u{09}", #"\u000a\u000d\u0009"#),
            ("\u{0D}\u{0A}", #"\u000d\u000a"#), ("\u{7F}", "\u{7F}"), ("é€😀", "é€😀"),
            ("</script>", "</script>"), ("\",\"status\":200,\"", #"\",\"status\":200,\""#),
            ("e\u{301}", "e\u{301}"), ("\u{2028}", "\u{2028}"),
        ] as [(String, String)])
    func `a hostile text stays in its string`(_ text: String, _ escaped: String) {
        let problem = Problem(
            of: kind(.badRequest, "c", title: text), detail: text,
            faults: [.init(pointer: text, code: text, detail: text)])
        #expect(
            Array(json(problem, instance: "/" + text, requestID: text).utf8)
                == Array(
                    (#"{"type":"/problems/c","title":"\#(escaped)","status":400,"#
                        + #""detail":"\#(escaped)","instance":"/\#(escaped)","code":"c","#
                        + #""request_id":"\#(escaped)","errors":[{"pointer":"\#(escaped)","#
                        + #""code":"\#(escaped)","detail":"\#(escaped)"}]}"#).utf8))
    }

    @Test func `the response carries type, caching, fields and cause`() {
        let problem = Problem.unavailable(retryAfterSeconds: 7, cause: Cause())
        let response = problem.response(instance: "/", requestID: "r")
        #expect(response.status == .serviceUnavailable)
        #expect(response.fields.value(of: .contentType) == "application/problem+json")
        #expect(response.fields.value(of: .cacheControl) == "no-store")
        #expect(response.fields.value(of: .retryAfter) == "7")
        #expect(response.cause is Cause)
        #expect(response.route == nil)
    }

    @Test(arguments: [
        (RequestParseError.malformedRequestLine, 400), (.malformedTarget, 400),
        (.unsupportedVersion, 505), (.unsupportedMethod, 501), (.targetTooLong, 414),
        (.headerTooLarge, 431), (.fieldTooLarge, 431), (.tooManyFields, 431),
        (.malformedField, 400), (.obsoleteFolding, 400), (.whitespaceBeforeColon, 400),
        (.bareLineFeed, 400), (.bareCarriageReturn, 400), (.missingHost, 400),
        (.repeatedHost, 400), (.malformedHost, 400), (.repeatedContentLength, 400),
        (.malformedContentLength, 400), (.ambiguousFraming, 400),
        (.unsupportedTransferCoding, 501), (.malformedTransferCoding, 400),
        (.misorderedTransferCoding, 400), (.transferCodingInHTTP10, 400),
        (.unsupportedExpectation, 417), (.bodyTooLarge, 413), (.malformedChunk, 400),
        (.chunkExtensionsTooLong, 400), (.trailerTooLarge, 431),
    ])
    func `a request that cannot be read has this status`(
        _ error: RequestParseError, _ status: Int
    ) throws {
        let problem = Problem(error)
        #expect(problem.kind.status.code == status)
        #expect(problem.kind.code == error.rawValue)
        #expect(try #require(problem.detail).hasSuffix("."))
    }

    @Test func `codes are snake_case`() {
        for error in RequestParseError.allCases {
            let allowed = error.rawValue.utf8.allSatisfy {
                octets("abcdefghijklmnopqrstuvwxyz0123456789_").contains($0)
            }
            #expect(allowed, "\(error.rawValue)")
        }
    }

    @Test(arguments: [
        (BodyError.tooLarge, 413, "body_too_large"), (.timedOut, 408, "request_timeout"),
        (.connectionLost, 400, "connection_lost"),
        (.malformed(.malformedChunk), 400, "malformed_chunk"),
    ])
    func `content that cannot be read has this status`(
        _ error: BodyError, _ status: Int, _ code: String
    ) {
        let problem = Problem(error)
        #expect(problem.kind.status.code == status)
        #expect(problem.kind.code == code)
    }

    @Test(arguments: [
        QueryError.malformedEscape, .invalidUTF8, .tooManyParameters,
        .repeatedParameter(name: "secret"),
    ])
    func `a query that cannot be read is 400 and does not come back`(_ error: QueryError) throws {
        let problem = Problem(error)
        #expect(problem.kind.status == .badRequest)
        #expect(problem.kind.code == "malformed_query")
        #expect(try !#require(problem.detail).contains("secret"))
    }

    @Test func `405 lists the methods`() {
        let response = Problem.methodNotAllowed(allow: [.get, .head]).response(
            instance: "", requestID: "")
        #expect(response.status == .methodNotAllowed)
        #expect(response.fields.value(of: .allow) == "GET, HEAD")
    }

    @Test(arguments: [
        (HTTPRequest.Method.post, HTTPField.Name.acceptPost), (.patch, .acceptPatch),
        (.put, .accept),
    ])
    func `415 lists the media types`(_ method: HTTPRequest.Method, _ name: HTTPField.Name) {
        let response = Problem.unsupportedMediaType(for: method, accepted: ["a/b", "c/d"])
            .response(instance: "", requestID: "")
        #expect(response.status == .unsupportedMediaType)
        #expect(response.fields.value(of: name) == "a/b, c/d")
    }

    @Test func `the others have their status`() {
        #expect(Problem.notFound.kind.status == .notFound)
        #expect(Problem.requestTimeout.kind.status == .requestTimeout)
        #expect(Problem.methodNotImplemented.kind.status == .notImplemented)
        #expect(Problem.internalError(cause: Cause()).kind.status == .internalServerError)
        #expect(Problem.internalError(cause: Cause()).cause is Cause)
    }
}
