import Ambient
import HTTP
import HTTPTesting
import HTTPTypes
import Synchronization

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

    /// A request for `/cancellation` has been answered.
    let cancellations = Occurrences()

    private let bodyBytesMax: Int
    /// The body of the last request for `/keep`.
    private let kept = Mutex<RequestBody?>(nil)

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
        case "/cancellation":
            arrivals.happened()
            // It ends when its task is cancelled.
            await release.wait()
            cancellations.happened()
            return Self.text("cancelled")
        case "/chunks": return await Self.chunks(of: request, upTo: bodyBytesMax)
        case "/stream", "/stream/length", "/stream/short", "/stream/long", "/stream/failure",
            "/stream/endless":
            return stream(path)
        case "/echo/stream":
            var response = Response(status: .ok)
            response.stream = ResponseStream(
                chunks: EchoedChunks(chunks: request.body.chunks(upTo: bodyBytesMax)))
            return response
        case "/keep":
            kept.withLock { $0 = request.body }
            return Self.text("kept")
        case "/kept":
            let octets = try? await kept.withLock({ $0 })?.collect(upTo: 1024)
            return Self.text(octets.map { String(decoding: $0, as: UTF8.self) } ?? "nothing")
        case "/client": return Self.text("\(request.client)")
        case "/is-cancelled": return Self.text("\(Task.isCancelled)")
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
        toUnreadable problem: Problem, from client: ClientAddress, receivedAt: MonotonicTime
    ) -> Response {
        problem.response(instance: "", requestID: "unreadable")
    }

    /// Chunks that a stream has been asked for.
    let madeChunks = Occurrences()

    /// Three chunks of six octets in all, or endless ones of 64 KiB.
    private func stream(_ path: String) -> Response {
        let chunks = TestChunks(path: path, made: madeChunks)
        var response = Response(status: .ok)
        let lengths = ["/stream/length": 6, "/stream/short": 7, "/stream/long": 5]
        response.stream = ResponseStream(length: lengths[path], chunks: chunks)
        return response
    }

    /// The number of the body's chunks is not for the test to know; their octets are.
    private static func chunks(of request: Request, upTo bytesMax: Int) async -> Response {
        do throws(BodyError) {
            var octets: [UInt8] = []
            var chunks = request.body.chunks(upTo: bytesMax).makeAsyncIterator()
            while let chunk = try await chunks.next(isolation: #isolation) { octets += chunk }
            return Response(status: .ok, contentType: "text/plain", body: octets)
        } catch {
            return Problem(error).response(instance: "/chunks", requestID: "")
        }
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

/// The content of the answers to `/stream…`.
private struct TestChunks: AsyncSequence, AsyncIteratorProtocol, Sendable {
    let path: String
    let made: Occurrences
    private var count = 0

    init(path: String, made: Occurrences) {
        self.path = path
        self.made = made
    }

    func makeAsyncIterator() -> Self { self }

    mutating func next() async throws -> [UInt8]? {
        count += 1
        made.happened()
        if path == "/stream/endless" { return [UInt8](repeating: UInt8(ascii: "x"), count: 65_536) }
        if count > 3, path == "/stream/failure" { throw TestResponder.Cause() }
        // One of the three is empty, which must not end the content.
        return count > 3 ? nil : count == 2 ? [] : Array("abc".utf8)
    }
}

/// The content of a request as that of its answer.
private struct EchoedChunks: AsyncSequence, AsyncIteratorProtocol, Sendable {
    let chunks: RequestBody.Chunks
    private var iterator: RequestBody.Chunks.Iterator?

    init(chunks: RequestBody.Chunks) { self.chunks = chunks }

    func makeAsyncIterator() -> Self { self }

    mutating func next() async throws -> [UInt8]? {
        var reading = iterator ?? chunks.makeAsyncIterator()
        defer { iterator = reading }
        return try await reading.next(isolation: #isolation)
    }
}
