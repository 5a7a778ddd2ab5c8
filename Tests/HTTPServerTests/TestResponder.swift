import HTTP
import HTTPTesting
import HTTPTypes

/// Answers in the way that the path asks for.
final class TestResponder: Responder {
    /// An error that a response carries for the log.
    struct Cause: Error {}

    /// A request has arrived.
    let requests = Occurrences()
    /// A request for `/held` has arrived.
    let arrivals = Occurrences()
    /// Requests for `/held` are answered from now on.
    let release = Occurrences()

    private let bodyBytesMax: Int

    init(bodyBytesMax: Int) { self.bodyBytesMax = bodyBytesMax }

    func respond(to request: Request) async -> Response {
        requests.happened()
        let path = request.head.target.path
        switch path {
        case "/echo": return await Self.echo(request, upTo: bodyBytesMax)
        case "/part":
            // Four octets are asked for, whatever there is.
            _ = await Self.echo(request, upTo: 4)
            return Self.text("part")
        case "/held", "/held/echo":
            arrivals.happened()
            await release.wait()
            return path == "/held" ? Self.text("held") : await Self.echo(request, upTo: 1024)
        case "/nothing": return Response(status: .noContent)
        case "/failure":
            return Problem.internalError(cause: Cause()).response(instance: path, requestID: "")
        default:
            guard path.hasPrefix("/octets/"), let count = Int(path.dropFirst(8)) else {
                return Self.text(path)
            }
            return Response(
                status: .ok, contentType: "text/plain",
                body: [UInt8](repeating: UInt8(ascii: "x"), count: count))
        }
    }

    func respond(
        toUnreadable problem: Problem, receivedAt: ContinuousClock.Instant
    ) -> Response {
        problem.response(instance: "", requestID: "unreadable")
    }

    private static func echo(_ request: Request, upTo bytesMax: Int) async -> Response {
        do throws(BodyError) {
            let body = try await request.body.collect(upTo: bytesMax)
            return Response(status: .ok, contentType: "text/plain", body: body)
        } catch {
            return Problem(error).response(instance: "/echo", requestID: "")
        }
    }

    private static func text(_ text: String) -> Response {
        Response(status: .ok, contentType: "text/plain", body: Array(text.utf8))
    }
}
