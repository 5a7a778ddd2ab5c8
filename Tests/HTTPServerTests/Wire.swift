/// The octets of requests, as tests send them.
enum Wire {
    /// A request without content.
    static func get(_ path: String, _ fields: String...) -> String {
        head("GET \(path) HTTP/1.1", fields)
    }

    /// A request with content of a declared length.
    static func post(_ path: String, _ content: String, _ fields: String...) -> String {
        let length = "Content-Length: \(content.utf8.count)"
        return head("POST \(path) HTTP/1.1", fields + [length]) + content
    }

    /// The head of a request whose content comes, or does not come, later.
    static func postHead(_ path: String, length: Int, _ fields: String...) -> String {
        head("POST \(path) HTTP/1.1", fields + ["Content-Length: \(length)"])
    }

    /// A request whose content is chunked as `encoded` has it.
    static func chunked(_ path: String, _ encoded: String, _ fields: String...) -> String {
        head("POST \(path) HTTP/1.1", fields + ["Transfer-Encoding: chunked"]) + encoded
    }

    /// A request line with field lines and the end of a head; a Host field is added.
    static func head(_ requestLine: String, _ fields: [String] = []) -> String {
        ([requestLine, "Host: example.com"] + fields + ["", ""]).joined(separator: "\r\n")
    }
}
