import HTTP
import HTTPTypes
import Testing
import UsersTesting

@Suite("Conditional requests, RFC 9110 §13")
struct ConditionTests {
    /// The status for a condition on a user of version 2.
    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String { values.joined(separator: " | ") }
        let values: [String]
        let status: Int

        init(_ values: String..., status: Int) {
            self.values = values
            self.status = status
        }
    }

    static let malformed = ["", "2", #""2"#, #"2""#, #""1" "2""#, #"*, "2""#, "w/\"2\"", #""2 ""#]
        .map { Case($0, status: 400) }
    static let foreign = [
        #""""#, #""1""#, #""02""#, #""+2""#, #""-2""#, #""2-""#, #""2-b""#, #""2-gzip-a""#,
        #""2-a-a""#, #""-a""#, #""abc""#, #""9223372036854775808""#, #""1", "3""#,
    ]
    static let ours = [
        "*", #""2""#, #""2-a""#, #""2-gzip""#, #""2-a-gzip""#, #""1","2""#, #"  "1" , "2"  "#,
        #""abc", "2-gzip""#,
    ]

    private func apiWithUserInVersion2(
        requiresIfMatch: Bool = false
    ) async throws -> (TestAPI<InMemoryRepository>, path: String) {
        let api = TestAPI(requiresIfMatch: requiresIfMatch)
        let path = try await api.register()
        let change = try await api.send(
            "PATCH \(path)", #"{"display_name":"B"}"#, fields: [#"If-Match: "1""#])
        #expect(change[.eTag] == #""2-a""#)
        return (api, path)
    }

    @Test(
        arguments: ours.map { Case($0, status: 200) } + foreign.map { Case($0, status: 412) }
            + malformed + [
                Case(#"W/"2""#, status: 412), Case(#"W/"2", "2""#, status: 200),
                Case(#""1""#, #""2""#, status: 200), Case("*", "*", status: 400),
            ])
    func `If-Match lets a change happen in the version that it names`(_ given: Case) async throws {
        let (api, path) = try await apiWithUserInVersion2()
        let conditions = given.values.map { "If-Match: \($0)" }
        let change = try await api.send(
            "PATCH \(path)", #"{"display_name":"C"}"#, fields: conditions)
        #expect(change.status == given.status)
        let merge = try await api.send(
            "PATCH \(path)", #"{"metadata":{"a":1}}"#,
            fields: given.status == 200 ? [#"If-Match: "3""#] : conditions)
        #expect(merge.status == given.status)
        let read = try await api.send("GET \(path)")
        #expect(read[.eTag] == (given.status == 200 ? #""4-a""# : #""2-a""#))
        if given.status == 412 { #expect(try change.problem == "version_mismatch") }
        if given.status == 400 { #expect(try change.problem == "malformed_condition") }
    }

    @Test(
        arguments: ours.map { Case($0, status: 204) } + foreign.map { Case($0, status: 412) }
            + malformed + [Case(#"W/"2""#, status: 412)])
    func `If-Match lets a deletion happen in the version that it names`(
        _ given: Case
    ) async throws {
        let (api, path) = try await apiWithUserInVersion2()
        let deletion = try await api.send(
            "DELETE \(path)", fields: given.values.map { "If-Match: \($0)" })
        #expect(deletion.status == given.status)
        #expect(try await api.send("GET \(path)").status == (given.status == 204 ? 404 : 200))
    }

    @Test func `a malformed condition is 400, whatever another one says`() async throws {
        let (api, path) = try await apiWithUserInVersion2()
        let read = try await api.send(
            "GET \(path)", fields: [#"If-Match: "1""#, "If-None-Match: 2"])
        #expect(try read.status == 400 && read.problem == "malformed_condition")
    }

    @Test(
        arguments: ours.map { Case($0, status: 304) } + foreign.map { Case($0, status: 200) }
            + malformed + [Case(#"W/"2""#, status: 304), Case(#""1""#, #"W/"2""#, status: 304)])
    func `If-None-Match spares a client what it has`(_ given: Case) async throws {
        let (api, path) = try await apiWithUserInVersion2()
        for method in ["GET", "HEAD"] {
            let answer = try await api.send(
                "\(method) \(path)",
                fields: given.values.map { "If-None-Match: \($0)" } + ["Accept-Encoding: gzip"])
            #expect(answer.status == given.status)
            guard given.status == 304 else { continue }
            #expect(answer.text.isEmpty)
            #expect(answer[.eTag] == #""2-a""#)
            #expect(answer[.cacheControl] == "private, no-cache")
            #expect(answer[.vary] == "Authorization, Accept-Encoding")
            #expect(answer[.contentType] == nil)
        }
    }

    @Test(arguments: [
        (#""2-a-gzip""#, "gzip", 304), (#""2-a-gzip""#, "br", 200), (#""2-a-gzip""#, "", 200),
        (#""2-a-gzip""#, "gzip;q=0", 200), (#"W/"2-gzip""#, "br", 200),
        (#""2-a-gzip", "2-a""#, "br", 304), (#""2-a""#, "br", 304), (#""2-a""#, "gzip", 304),
    ])
    func `what a client has in gzip is nothing to it once it takes that no more`(
        tags: String, codings: String, status: Int
    ) async throws {
        let (api, path) = try await apiWithUserInVersion2()
        let answer = try await api.send(
            "GET \(path)",
            fields: ["If-None-Match: \(tags)", "Accept-Encoding: \(codings)"])
        #expect(answer.status == status && answer.text.isEmpty == (status == 304))
        #expect(answer[.eTag] == #""2-a""#)
    }

    @Test(
        arguments: ours.map { Case($0, status: 412) } + foreign.map { Case($0, status: 200) }
            + malformed)
    func `If-None-Match keeps a change from a version that it names`(_ given: Case) async throws {
        let (api, path) = try await apiWithUserInVersion2()
        let fields = given.values.map { "If-None-Match: \($0)" }
        let change = try await api.send(
            "PATCH \(path)", #"{"display_name":"X"}"#, fields: fields)
        #expect(change.status == given.status)
        guard given.status != 200 else { return }
        #expect(try await api.send("DELETE \(path)", fields: fields).status == given.status)
        #expect(try await api.send("GET \(path)").status == 200)
    }

    @Test(
        arguments: ours.map { Case($0, status: 200) } + foreign.map { Case($0, status: 412) }
            + malformed)
    func `If-Match lets a read happen in the version that it names`(_ given: Case) async throws {
        let (api, path) = try await apiWithUserInVersion2()
        let conditions = given.values.map { "If-Match: \($0)" }
        #expect(try await api.send("GET \(path)", fields: conditions).status == given.status)
        // It goes before If-None-Match (RFC 9110 §13.2.2).
        let both = try await api.send("GET \(path)", fields: conditions + ["If-None-Match: *"])
        #expect(both.status == (given.status == 200 ? 304 : given.status))
    }

    @Test(arguments: ["*", #""1""#, #""1", "2""#])
    func `a condition on nobody is a 404`(_ condition: String) async throws {
        let nobody = "/users/0190b6c5-5b1e-7cc3-a1f2-3d4e5f60718a"
        let api = TestAPI()
        let change = try await api.send(
            "PATCH \(nobody)", #"{"display_name":"C"}"#, fields: ["If-Match: \(condition)"])
        #expect(change.status == 404)
        let deletion = try await api.send("DELETE \(nobody)", fields: ["If-Match: \(condition)"])
        #expect(deletion.status == 404)
        let read = try await api.send("GET \(nobody)", fields: ["If-None-Match: \(condition)"])
        #expect(read.status == 404)
    }

    @Test func `a change must be conditional where that is asked for`() async throws {
        let (api, path) = try await apiWithUserInVersion2(requiresIfMatch: true)
        for answer in [
            try await api.send("PATCH \(path)", #"{"display_name":"C"}"#),
            try await api.send("PATCH \(path)", "{}"), try await api.send("DELETE \(path)"),
        ] {
            #expect(answer.status == 428)
            #expect(try answer.problem == "precondition_required")
        }
        #expect(try await api.send("GET \(path)")[.eTag] == #""2-a""#)
        let change = try await api.send(
            "PATCH \(path)", #"{"display_name":"C"}"#, fields: ["If-Match: *"])
        #expect(change.status == 200)
        let deletion = try await api.send("DELETE \(path)", fields: [#"If-Match: "3""#])
        #expect(deletion.status == 204)
        let next = try await api.send("POST /users", #"{"email":"a@b.example","display_name":"A"}"#)
        #expect(next.status == 201)
    }

    @Test func `a patch that asks for nothing still has its condition`() async throws {
        let (api, path) = try await apiWithUserInVersion2()
        let stale = try await api.send("PATCH \(path)", "{}", fields: [#"If-Match: "1""#])
        #expect(stale.status == 412)
        let current = try await api.send("PATCH \(path)", "{}", fields: [#"If-Match: "2""#])
        #expect(current.status == 200)
        #expect(current[.eTag] == #""2-a""#)
    }
}
