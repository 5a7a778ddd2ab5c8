package import Users

extension PageLimit: ExpressibleByIntegerLiteral {
    /// A limit that a test knows to be one.
    package init(integerLiteral count: Int) {
        do {
            try self.init(parsing: count)
        } catch {
            preconditionFailure("\(count) users are no page.")
        }
    }
}
