/// Why a query is not a list of parameters that can be used.
package enum QueryError: Error, Equatable, Sendable {
    /// A `%` is not followed by two hexadecimal digits.
    case malformedEscape
    /// A name or value is no UTF-8 once decoded, or holds U+0000.
    case invalidUTF8
    /// There are more than ``QueryParameters/countMax``.
    case tooManyParameters
    /// A parameter that may be given once is given more often.
    case repeatedParameter(name: String)
}

/// The parameters of a query: `application/x-www-form-urlencoded`, decoded, in the order given.
package struct QueryParameters: Equatable, Sendable {
    /// A parameter; without `=` in it, its value is empty.
    package struct Parameter: Equatable, Sendable {
        /// The name.
        package let name: String
        /// The value.
        package let value: String
    }

    /// Most parameters of a query; a REST client needs a fraction of it.
    package static let countMax = 64

    /// The parameters in the order given.
    package let parameters: [Parameter]

    /// Reads a query without its `?`: pairs with `&` between them, `+` for a space, escapes
    /// (WHATWG URL §5.1). Nothing between two `&` is no parameter.
    package init(parsing query: String) throws(QueryError) {
        let bytes = query.utf8.span
        var parameters: [Parameter] = []
        var start = 0
        while start < bytes.count {
            let end =
                bytes.firstIndex(of: UInt8(ascii: "&"), in: start..<bytes.count) ?? bytes.count
            if end > start {
                guard parameters.count < Self.countMax else { throw .tooManyParameters }
                parameters.append(try Self.parameter(bytes, start..<end))
            }
            start = end + 1
        }
        self.parameters = parameters
    }

    /// The value of a parameter that may be given once; `nil` when it is not given.
    ///
    /// - Throws: ``QueryError/repeatedParameter(name:)`` when it is given more than once.
    package func value(of name: String) throws(QueryError) -> String? {
        let values = values(of: name)
        guard values.count <= 1 else { throw .repeatedParameter(name: name) }
        return values.first
    }

    /// All values of a parameter in the order given.
    package func values(of name: String) -> [String] {
        parameters.lazy.filter { $0.name == name }.map(\.value)
    }

    private static func parameter(
        _ bytes: Span<UInt8>, _ range: Range<Int>
    ) throws(QueryError) -> Parameter {
        guard let equals = bytes.firstIndex(of: ASCII.equals, in: range) else {
            return Parameter(name: try text(bytes, range), value: "")
        }
        return Parameter(
            name: try text(bytes, range.lowerBound..<equals),
            value: try text(bytes, equals + 1..<range.upperBound))
    }

    private static func text(
        _ bytes: Span<UInt8>, _ range: Range<Int>
    ) throws(QueryError) -> String {
        guard let decoded = PercentEncoding.decode(bytes, range, plusIsSpace: true) else {
            throw .malformedEscape
        }
        guard !decoded.contains(0), let text = String(validating: decoded, as: UTF8.self) else {
            throw .invalidUTF8
        }
        return text
    }
}
