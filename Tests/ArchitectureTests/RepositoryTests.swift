import Testing

@Suite("The repository that the rules look at")
struct RepositoryTests {
    @Test func `is this one, tests and benchmarks included`() throws {
        let paths = try Set(Repository.files.map(\.path))
        #expect(paths.contains("Tests/ArchitectureTests/RepositoryTests.swift"))
        #expect(paths.contains { $0.hasPrefix("Sources/App/") })
        #expect(paths.contains { $0.hasPrefix("Benchmarks/Operations/") })
    }

    @Test func `has at its top what a stranger looks for, and nothing else`() throws {
        let kept: Set = [
            "Benchmarks", "CHANGELOG.md", "Dockerfile", "LICENSE", "Makefile", "Package.swift",
            "README.md", "SECURITY.md", "Sources", "Tests", "docker-compose.secrets.yml",
            "docker-compose.yml", "docs", "k8s", "migrations", "monitoring", "scripts",
        ]
        let unversioned: Set = ["Package.resolved", "secrets"]
        #expect(try Repository.top.subtracting(unversioned) == kept)
    }

    @Test func `names each file by tree and target`() {
        let file = SourceFile(path: "Sources/App/Commands/Serve.swift", text: "")
        #expect(file.tree == "Sources")
        #expect(file.target == "App")
    }
}
