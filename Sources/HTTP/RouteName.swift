/// Which route answered a request: what logs and metrics call it. It is never sent.
package struct RouteName: Equatable, Sendable {
    /// The template, such as `/users/{id}`.
    package let template: String
    /// The position of the template among all that there are, from 0, by which counting it takes
    /// no look-up.
    package let number: Int

    /// Names a route.
    package init(template: String, number: Int) {
        self.template = template
        self.number = number
    }
}
