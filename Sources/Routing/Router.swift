package import HTTP
import HTTPTypes

/// Finds the endpoint for a request by its path and method.
package struct Router: Handler {
    /// What answers one method, who may ask for it, and what it may answer with; a reference, so
    /// that finding one copies nothing.
    private final class Action: Sendable {
        let endpoint: any Endpoint
        let access: Operation.Access
        let mediaTypes: [String]

        init(_ route: Route) {
            endpoint = route.endpoint
            access = route.declaration.operation.access
            mediaTypes = route.declaration.operation.answerMediaTypes
        }

        /// Answers a request whose client may ask and takes what there is. A call of its own would
        /// take every request 150 instructions.
        @inline(__always)
        func respond(
            to request: Request, _ parameters: PathParameters
        ) async throws(Problem) -> Response {
            try access.admit(request.principal, parameters)
            guard mediaTypes.isEmpty || request.head.fields.accepts(anyOf: mediaTypes) else {
                throw .notAcceptable(available: mediaTypes)
            }
            return try await endpoint.respond(to: request, parameters)
        }
    }

    /// What one path template answers; a reference, so that finding one copies nothing.
    private final class Resource: Sendable {
        let name: RouteName
        let names: [String]
        let methods: [HTTPRequest.Method]
        /// Whether it is answered however much has been asked for.
        let isUnlimited: Bool
        private let actions: [Action]

        init(_ name: RouteName) {
            self.name = name
            names = name.template.split(separator: "/").filter { $0.hasPrefix("{") }
                .map { String($0.dropFirst().dropLast()) }
            methods = []
            isUnlimited = true
            actions = []
        }

        /// `resource` with one more method.
        init(_ resource: Resource, adding route: Route) {
            name = resource.name
            names = resource.names
            methods = resource.methods + [route.declaration.method]
            isUnlimited = resource.isUnlimited && route.declaration.operation.isUnlimited
            actions = resource.actions + [Action(route)]
        }

        func action(for method: HTTPRequest.Method) -> Action? {
            if let index = methods.firstIndex(of: method) { return actions[index] }
            return method == .head ? action(for: .get) : nil
        }

        /// The methods it answers, RFC 9110 §10.2.1.
        var allow: [HTTPRequest.Method] {
            let isHeadImplied = methods.contains(.get) && !methods.contains(.head)
            return methods + (isHeadImplied ? [.head] : []) + [.options]
        }
    }

    /// What is found out about a request before it is answered.
    private struct Verdict {
        /// What its answer tells of the limits.
        var lines: RateLimitLines?
        /// Why no endpoint answers it.
        var refusal: Problem?

        init(_ admission: Admission = .admitted(nil), fault: Problem? = nil) {
            switch admission {
            case .admitted(let lines): (self.lines, refusal) = (lines, fault)
            case .refused(let problem): refusal = problem
            }
        }
    }

    /// Methods that some path may answer; others are not implemented here at all.
    private static let knownMethods: [HTTPRequest.Method] = [
        .get, .head, .post, .put, .patch, .delete, .options,
    ]

    /// What it was built of.
    package let table: [RouteDeclaration]
    /// Every template of the table once, in the order of their numbers.
    package private(set) var templates: [String] = []
    private var trie = PathTrie<Resource>()
    private let authenticator: (any Authenticator)?
    private let limits: (any AdmissionControl)?

    /// Builds the table. Two routes of one method and template are a fault of the caller.
    /// - Parameters:
    ///   - authenticator: Tells whom a request speaks for; nil if every route is for anybody.
    ///   - limits: Bounds how many requests there may be, those included that no route answers;
    ///     nil if nothing does.
    ///   - firstNumber: The number of the first template, if others have those before.
    package init(
        _ routes: [Route], authenticator: (any Authenticator)? = nil,
        limits: (any AdmissionControl)? = nil, firstNumber: Int = 0
    ) {
        table = routes.map(\.declaration)
        self.authenticator = authenticator
        self.limits = limits
        precondition(
            authenticator != nil || !table.contains { $0.operation.access.needsPrincipal },
            "There is a route that not everybody may ask for, and nobody to tell who asks.")
        for route in routes {
            let (method, template) = (route.declaration.method, route.declaration.template)
            let name = RouteName(template: template, number: firstNumber + templates.count)
            trie.update(template, initial: Resource(name)) { resource in
                precondition(
                    resource.name.template == template && !resource.methods.contains(method),
                    "Two routes for \(method) \(template).")
                if resource.methods.isEmpty { templates.append(template) }
                resource = Resource(resource, adding: route)
            }
        }
    }

    /// Answers with the endpoint's answer, or with 204 to OPTIONS, or a 404, 405, 406, 429 or 501;
    /// with a 401, 403 or 503 if it cannot be told that the caller may have it.
    package func respond(to request: consuming Request) async -> Response {
        let match = find(request.head)
        let action = match?.resource.action(for: request.head.method)
        let verdict =
            if let known = verdictAtOnce(on: &request, action, match?.resource) {
                known
            } else {
                await decide(on: &request, action, match?.resource)
            }
        var response: Response
        do throws(Problem) {
            if let refusal = verdict.refusal { throw refusal }
            if let action, let match {
                response = try await action.respond(to: request, match.parameters)
            } else {
                response = try Self.answer(request.head, match?.resource)
            }
        } catch {
            response = Self.response(telling: error, of: request)
        }
        Self.complete(&response, to: request, verdict, match?.resource)
        return response
    }

    // Not inlined: see "What waits keeps its variables" in docs/architecture.md.
    @inline(never)
    private static func response(telling problem: Problem, of request: Request) -> Response {
        problem.response(instance: request.head.target.path, requestID: request.id)
    }

    /// Adds what the limits have said, the user and the route, whatever the answer is.
    // Not inlined: see "What waits keeps its variables" in docs/architecture.md.
    @inline(never)
    private static func complete(
        _ response: inout Response, to request: Request, _ verdict: Verdict, _ resource: Resource?
    ) {
        if let lines = verdict.lines { response.fields.append(lines) }
        response.user = request.principal?.user
        response.route = resource?.name
    }

    /// Tells whom a request speaks for and whether it may be answered; nil if somebody has to be
    /// waited for.
    // Not inlined: see "What waits keeps its variables" in docs/architecture.md.
    @inline(never)
    private func verdictAtOnce(
        on request: inout Request, _ action: Action?, _ resource: Resource?
    ) -> Verdict? {
        if let action, action.access.needsPrincipal, let authenticator {
            request.principal = authenticator.knownPrincipal(of: request)
            if request.principal == nil { return nil }
        }
        guard let limits, resource?.isUnlimited != true else { return Verdict() }
        return limits.admissionAtOnce(of: request).map { Verdict($0) }
    }

    /// Tells the same after ``verdictAtOnce(on:_:_:)`` could not.
    // Not inlined: see "What waits keeps its variables" in docs/architecture.md.
    @inline(never)
    private func decide(
        on request: inout Request, _ action: Action?, _ resource: Resource?
    ) async -> Verdict {
        var fault: Problem?
        if let action, action.access.needsPrincipal, request.principal == nil, let authenticator {
            do throws(Problem) {
                request.principal = try await authenticator.principal(of: request)
            } catch {
                fault = error
            }
        }
        // While nobody can tell whom it speaks for, it cannot be told whose quota it takes.
        guard let limits, resource?.isUnlimited != true, fault?.isTemporary != true else {
            return Verdict(fault: fault)
        }
        return Verdict(await limits.admission(of: request), fault: fault)
    }

    /// Answers where no endpoint does.
    // Not inlined: see "What waits keeps its variables" in docs/architecture.md.
    @inline(never)
    private static func answer(
        _ head: RequestHead, _ resource: Resource?
    ) throws(Problem) -> Response {
        guard isKnown(head.method) else { throw .methodNotImplemented }
        if head.target.isAsterisk { return options(allow: knownMethods) }
        guard let resource else { throw .notFound }
        guard head.method == .options else { throw .methodNotAllowed(allow: resource.allow) }
        return options(allow: resource.allow)
    }

    /// Whether a method is implemented, be it only to be refused.
    private static func isKnown(_ method: HTTPRequest.Method) -> Bool {
        knownMethods.contains(method) || method == .trace
    }

    // Not inlined: see "What waits keeps its variables" in docs/architecture.md.
    @inline(never)
    private func find(
        _ head: RequestHead
    ) -> (resource: Resource, parameters: PathParameters)? {
        let target = head.target
        guard Self.isKnown(head.method), !target.isAsterisk,
            let match = target.withPathBytes({ trie.match($0) })
        else { return nil }
        let parameters = PathParameters(
            names: match.value.names, target: target, segments: match.parameters)
        return parameters.map { (match.value, $0) }
    }

    private static func options(allow: [HTTPRequest.Method]) -> Response {
        var response = Response(status: .noContent)
        response.fields.append(.allow, allow.map(\.rawValue).joined(separator: ", "))
        return response
    }
}
