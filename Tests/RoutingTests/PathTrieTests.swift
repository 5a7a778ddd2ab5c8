import Testing

@testable import Routing

@Suite("Path trie")
struct PathTrieTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let path: String
        /// The template that it leads to; nil for none.
        let template: String?
        var parameters: [String] = []
        var testDescription: String { "\(path) is \(template ?? "nowhere")" }
    }

    static let templates = [
        "/", "/users", "/users/", "/users/me", "/users/{id}", "/users/{id}/roles",
        "/users/{id}/roles/{role}", "/users/{id}/roles/all/of", "/users/me/keys", "/a/b/c",
        "/{any}/b/d", "/health/live", "/colour/größe",
    ]

    @Test(arguments: [
        Case(path: "/", template: "/"),
        Case(path: "//", template: nil),
        Case(path: "/users", template: "/users"),
        Case(path: "/users/", template: "/users/"),
        Case(path: "/users//", template: nil),
        Case(path: "//users", template: nil),
        Case(path: "/Users", template: nil),
        Case(path: "/user", template: nil),
        Case(path: "/userss", template: nil),
        Case(path: "/users/1", template: "/users/{id}", parameters: ["1"]),
        Case(path: "/users/1/", template: nil),
        Case(path: "/users/a%20b", template: "/users/{id}", parameters: ["a%20b"]),
        Case(path: "/users/{id}", template: "/users/{id}", parameters: ["{id}"]),
        Case(path: "/health", template: nil),
        Case(path: "/health/live", template: "/health/live"),
        Case(path: "/health/live/more", template: nil),
        Case(path: "/colour/größe", template: "/colour/größe"),
        Case(path: "/%75sers", template: "/users"),
        Case(path: "/%75%73%65%72%73", template: "/users"),
        Case(path: "/colour/gr%C3%b6%c3%9fe", template: "/colour/größe"),
        Case(path: "/users/%6De", template: "/users/me"),
        Case(path: "/users/%6De/keys", template: "/users/me/keys"),
        Case(path: "/users/%4De", template: "/users/{id}", parameters: ["%4De"]),
        Case(path: "/users/1/%72oles", template: "/users/{id}/roles", parameters: ["1"]),
        Case(path: "/users%2F1", template: nil),
        Case(path: "/users%", template: nil),
        Case(path: "/users%20", template: nil),
        Case(path: "/%2575sers", template: nil),
        Case(path: "/users/%FFme", template: "/users/{id}", parameters: ["%FFme"]),
    ])
    func `a path leads to the template of its segments`(_ given: Case) {
        check(given)
    }

    @Test(arguments: [
        Case(path: "/users/me", template: "/users/me"),
        Case(path: "/users/me/keys", template: "/users/me/keys"),
        Case(path: "/a/b/c", template: "/a/b/c"),
    ])
    func `a literal wins over a parameter`(_ given: Case) {
        check(given)
    }

    @Test(arguments: [
        Case(path: "/users/me/roles", template: "/users/{id}/roles", parameters: ["me"]),
        Case(path: "/a/b/d", template: "/{any}/b/d", parameters: ["a"]),
        Case(
            path: "/users/me/roles/all", template: "/users/{id}/roles/{role}",
            parameters: ["me", "all"]),
        Case(
            path: "/users/1/roles/all/of", template: "/users/{id}/roles/all/of",
            parameters: ["1"]),
        Case(path: "/users/b/d", template: "/{any}/b/d", parameters: ["users"]),
        Case(path: "/users/b/c", template: nil),
    ])
    func `a literal that leads nowhere gives way to a parameter`(_ given: Case) {
        check(given)
    }

    @Test(arguments: ["/users//roles", "/users/1/roles/", "/users/1//"])
    func `a parameter is never empty`(_ path: String) {
        check(Case(path: path, template: nil))
    }

    @Test func `an empty trie leads nowhere`() {
        let trie = PathTrie<String>()
        #expect(trie.match(Array("/".utf8).span) == nil)
    }

    private func check(_ given: Case, sourceLocation: SourceLocation = #_sourceLocation) {
        var trie = PathTrie<String>()
        for template in Self.templates { trie.update(template, initial: template) { _ in } }
        let path = Array(given.path.utf8)
        let match = trie.match(path.span)
        #expect(match?.value == given.template, sourceLocation: sourceLocation)
        let parameters = match?.parameters.map { String(decoding: path[$0], as: UTF8.self) }
        #expect(parameters ?? [] == given.parameters, sourceLocation: sourceLocation)
    }
}
