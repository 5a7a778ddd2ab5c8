import Testing

@testable import Postgres

@Suite("Names of channels")
struct ChannelNameTests {
    @Test(arguments: ["a", "_", "users_changed_2", String(repeating: "x", count: 63)])
    func `a plain name is taken`(_ name: String) {
        #expect(ChannelName(checking: name)?.rawValue == name)
    }

    @Test(arguments: [
        "", "2a", "A", "a-b", "a b", "a\"", "a;", "ä", "a\0", "a\n",
        String(repeating: "x", count: 64),
    ])
    func `whatever would need quotation marks is none`(_ name: String) {
        #expect(ChannelName(checking: name) == nil)
    }
}
