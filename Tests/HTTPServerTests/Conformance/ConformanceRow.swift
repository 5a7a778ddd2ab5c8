import HTTPTesting
import Testing

/// One exchange: what a client sends, and what the RFC has the server answer.
struct ConformanceRow: Sendable, CustomTestStringConvertible {
    /// What is special about it.
    let name: String
    /// The RFC and section that decide.
    let source: String
    /// What is sent; each character, U+0000 to U+00FF, is one octet.
    let text: String
    let outcome: Outcome

    var testDescription: String { "\(name) [\(source)]" }

    /// What must come back.
    enum Outcome: Sendable {
        /// A problem, after which the connection ends in order.
        case refused(Int)
        /// These answers, after which the connection serves another request.
        case open([Answer])
        /// These answers, the last of which announces the end of the connection.
        case closed([Answer])

        /// One 200, and the connection stays.
        static func ok(_ text: String) -> Outcome { .open([Answer(200, text)]) }

        /// One answer without looking at its content, and the connection stays.
        static func status(_ status: Int) -> Outcome { .open([Answer(status)]) }
    }

    /// What is known of one answer.
    struct Answer: Sendable {
        let status: Int
        let text: String?
        var field: (name: String, value: String?)?
        var isToHead = false

        init(_ status: Int, _ text: String? = nil) {
            self.status = status
            self.text = text
        }

        /// The answer to HEAD.
        static func head(_ status: Int) -> Answer {
            var answer = Answer(status)
            answer.isToHead = true
            return answer
        }

        /// An answer that has this field, or has none of the name.
        static func field(_ status: Int, _ name: String, _ value: String?) -> Answer {
            var answer = Answer(status)
            answer.field = (name, value)
            return answer
        }
    }

    init(_ name: String, _ source: String, _ text: String, _ outcome: Outcome) {
        self.name = name
        self.source = source
        self.text = text
        self.outcome = outcome
    }

    /// Plays the exchange twice: on a new connection, and sent together with a request before it.
    func play() async throws {
        try await withConformanceService { service in
            for isFirst in [true, false] {
                let client = try service.connect()
                if isFirst {
                    try await client.send(octets)
                } else {
                    try await client.send(Array(Wire.get("/p/first").utf8) + octets)
                    #expect(try await client.response().text == "first")
                }
                try await check(client)
            }
        }
    }

    private var octets: [UInt8] { text.unicodeScalars.map { UInt8($0.value) } }

    private func check(_ client: RawHTTPClient) async throws {
        switch outcome {
        case .refused(let status):
            let response = try await client.response()
            #expect(response.status == status)
            #expect(response["Content-Type"] == "application/problem+json")
            #expect(response.text.contains("\"status\":\(status),"))
            try await checkEnd(response, client)
        case .open(let answers):
            let response = try await checkAnswers(answers, client)
            #expect(response["Connection"] != "close")
            let next = try await client.exchange(Wire.get("/p/next"))
            #expect(next.text == "next")
        case .closed(let answers):
            try await checkEnd(checkAnswers(answers, client), client)
        }
    }

    private func checkEnd(_ response: RawResponse, _ client: RawHTTPClient) async throws {
        response.checkForm()
        #expect(response["Connection"] == "close")
        let remainder = try await client.remainder()
        #expect(remainder == [])
    }

    /// - Returns: The last of the answers.
    private func checkAnswers(
        _ answers: [Answer], _ client: RawHTTPClient
    ) async throws -> RawResponse {
        var last: RawResponse?
        for answer in answers {
            let response = try await client.response(toHead: answer.isToHead)
            #expect(response.status == answer.status)
            if let text = answer.text { #expect(response.text == text) }
            if let field = answer.field { #expect(response[field.name] == field.value) }
            response.checkForm()
            last = response
        }
        return try #require(last)
    }
}

extension RawResponse {
    /// Checks what every response must be, whatever it answers.
    func checkForm() {
        #expect(statusLine.hasPrefix("HTTP/1.1 \(status) "), "RFC 9112 §4")
        let names = fields.map { $0.name.lowercased() }
        #expect(Set(names).count == names.count, "no field that is not a list comes twice")
        #expect(!names.contains("transfer-encoding"))
        guard status >= 200 else {
            #expect(names == [], "an interim response has nothing to say here")
            return
        }
        #expect(self["Date"]?.isIMFFixdate == true, "RFC 9110 §6.6.1")
        let hasLength = status != 204 && status != 304
        #expect(names.contains("content-length") == hasLength, "RFC 9110 §8.6")
        let isProblem = self["Content-Type"] == "application/problem+json"
        #expect(isProblem == (status >= 400), "RFC 9457 §3")
    }
}

extension String {
    /// Whether it is an `IMF-fixdate` (RFC 9110 §5.6.7).
    fileprivate var isIMFFixdate: Bool {
        let days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
        let months = [
            "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
        ]
        let form = /(\w{3}), \d\d (\w{3}) \d{4} \d\d:\d\d:\d\d GMT/
        guard let match = wholeMatch(of: form) else { return false }
        return days.contains(String(match.1)) && months.contains(String(match.2))
    }
}
