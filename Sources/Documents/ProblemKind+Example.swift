import HTTP

extension ProblemKind {
    /// What a client gets to see of it: a text of JSON.
    var example: [UInt8] {
        let faults = faults.prefix(1).map {
            Problem.Fault(pointer: "/email", code: $0.code, detail: $0.meaning)
        }
        return Problem(of: self, faults: faults)
            .response(instance: "/users", requestID: "0f2e1d3c4b5a69788796a5b4c3d2e1f0").body
    }
}
