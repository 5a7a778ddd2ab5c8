import Ambient
import Testing

@testable import Postgres

@Suite("Parameters of a statement")
struct ParametersTests {
    @Test func `a text with U+0000 is refused wherever it stands`() {
        for text in ["\0", "a\0", "\0a", "a\0b"] {
            #expect(refusal { p throws(PostgresError) in try p.append(text) } != nil)
            #expect(refusal { p throws(PostgresError) in try p.append(["a", text, "b"]) } != nil)
        }
        #expect(refusal { p throws(PostgresError) in try p.append("a") } == nil)
    }

    @Test func `a refusal names the parameter and not its value`() {
        let error = refusal { p throws(PostgresError) in
            try p.append(true)
            try p.append("secret\0")
        }
        #expect(error == .invalidParameter("$2 is a text with U+0000"))
    }

    @Test func `a time that PostgreSQL does not keep is refused`() {
        let times: [Int64] = [.min, -210_866_803_200_000_001]  // before MIN_TIMESTAMP
        for time in times {
            let timestamp = Timestamp(microsecondsSince1970: time)
            #expect(refusal { p throws(PostgresError) in try p.append(timestamp) } != nil)
        }
    }

    @Test func `there are at most 65,535 parameters`() throws {
        var parameters = Parameters()
        for _ in 0..<65_535 { try parameters.append(true) }
        #expect(throws: PostgresError.invalidParameter("more than 65535 parameters")) {
            try parameters.append(true)
        }
    }

    @Test func `values of more octets than a message may have are refused`() throws {
        var parameters = Parameters()
        try parameters.append(true)
        #expect(throws: PostgresError.self) {
            try parameters.begin(.bytea, Parameters.octetCountMax)
        }
        #expect(throws: PostgresError.self) { try parameters.begin(.bytea, .max) }
        try Parameters().withValue { try $0.begin(.bytea, Parameters.octetCountMax) }
    }

    @Test func `values are handed out with their types and lengths, in binary`() throws {
        var parameters = Parameters()
        try parameters.append(0x0102 as Int16)
        try parameters.append(nil as String?)
        try parameters.append("")
        try parameters.append(["a"])
        let types = parameters.withTypes { count, types in
            Array(UnsafeBufferPointer(start: types, count: Int(count)))
        }
        #expect(types == [21, 25, 25, 1009])
        parameters.withPointers { count, values, lengths, formats in
            #expect(count == 4)
            #expect(Array(UnsafeBufferPointer(start: lengths, count: 4)) == [2, 0, 0, 25])
            #expect(Array(UnsafeBufferPointer(start: formats, count: 4)) == [1, 1, 1, 1])
            #expect(values?[0]?[0] == 1 && values?[0]?[1] == 2)
            #expect(values?[1] == nil)
            #expect(values?[2] != nil)
        }
    }

    private func refusal(
        _ append: (inout Parameters) throws(PostgresError) -> Void
    ) -> PostgresError? {
        var parameters = Parameters()
        do {
            try append(&parameters)
            return nil
        } catch {
            return error
        }
    }
}

extension Parameters {
    fileprivate func withValue(_ body: (inout Parameters) throws -> Void) rethrows {
        var parameters = self
        try body(&parameters)
    }
}
