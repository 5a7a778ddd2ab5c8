package import HTTP
package import JSON

/// What clients are told of a route, and what the OpenAPI document is made of.
package struct Operation: Sendable {
    /// What programs call it, in camelCase: nobody else's.
    package let id: String
    /// What it belongs to, such as `users`.
    package let tag: String
    /// What it does, in a few words.
    package let summary: String
    /// What there is to know beside it, in sentences (CommonMark); may be empty.
    package let description: String
    /// Who may ask for it.
    package let access: Access
    /// Whether it is answered however much has been asked for.
    package let isUnlimited: Bool
    /// What the path, the query and the fields of the request may say.
    package let parameters: [Parameter]
    /// The content of the request; nil if it has none.
    package let content: Content?
    /// What it answers when all is well, or when the answer is no problem.
    package let answers: [Answer]
    /// The problems that it answers, other than those that ``allProblems(at:)`` adds.
    package let problems: [ProblemKind]
    /// The fields that its problems may have beside those that their status asks for.
    package let problemFields: [Field]

    /// Makes a description.
    package init(
        _ id: String, tag: String, _ summary: String, description: String = "",
        access: Access, isUnlimited: Bool = false, parameters: [Parameter] = [],
        content: Content? = nil,
        answers: [Answer], problems: [ProblemKind] = [], problemFields: [Field] = []
    ) {
        self.id = id
        self.tag = tag
        self.summary = summary
        self.description = description
        self.access = access
        self.isUnlimited = isUnlimited
        self.parameters = parameters
        self.content = content
        self.answers = answers
        self.problems = problems
        self.problemFields = problemFields
    }

    /// The media types of all that it answers, but for problems; none if it answers with nothing.
    var answerMediaTypes: [String] { answers.flatMap { $0.content?.mediaTypes ?? [] } }

    /// Every problem that it answers at a path such as `/users/{id}`: its own, those of who may
    /// ask, those of any request, those of content if it has any, 406 if its answers have any, and
    /// 404 for an open segment that is malformed.
    package func allProblems(at template: String) -> [ProblemKind] {
        let kinds =
            problems + access.problems + (template.contains("{") ? [.notFound] : [])
            + (answerMediaTypes.isEmpty ? [] : [.notAcceptable])
            + (content == nil ? [] : ProblemKind.ofContent) + ProblemKind.ofAnyRequest
        // What comes about in two ways is told of once.
        var codes: Set<String> = []
        return kinds.filter { codes.insert($0.code).inserted }
    }
}

extension Operation {
    /// One thing that a request says outside its content.
    package struct Parameter: Sendable {
        /// Where it stands.
        package enum Location: String, Sendable {
            /// It is an open segment of the path.
            case path
            /// It is a parameter of the query.
            case query
            /// It is a header field.
            case header
        }

        /// Where it stands.
        package let location: Location
        /// What it is called there.
        package let name: String
        /// What it means, in sentences.
        package let description: String
        /// What its value may be.
        package let schema: JSONValue
        /// A value to try it with.
        package let example: JSONValue?

        /// Makes a parameter. It must be given if it is part of the path, else it need not.
        package init(
            _ location: Location, _ name: String, _ description: String, _ schema: JSONValue,
            example: JSONValue? = nil
        ) {
            self.location = location
            self.name = name
            self.description = description
            self.schema = schema
            self.example = example
        }
    }

    /// What a request or an answer carries.
    package struct Content: Sendable {
        /// The media types that it may have, the preferred one first.
        package let mediaTypes: [String]
        /// What it may be.
        package let schema: Schema
        /// A value of it, if it is worth one.
        package let example: JSONValue?
        /// Whether a request has to have it.
        package let isRequired: Bool

        /// Makes a content.
        package init(
            _ mediaTypes: [String], _ schema: Schema, example: JSONValue? = nil,
            isRequired: Bool = true
        ) {
            self.isRequired = isRequired
            self.mediaTypes = mediaTypes
            self.schema = schema
            self.example = example
        }

        /// A JSON value.
        package static func json(_ schema: Schema, example: JSONValue? = nil) -> Content {
            Content(["application/json"], schema, example: example)
        }

        /// Text of one of these media types, such as `text/html`, the preferred one first.
        package static func text(_ mediaTypes: String...) -> Content {
            Content(mediaTypes, Schema(["type": "string"]))
        }
    }

    /// An answer that is no problem.
    package struct Answer: Sendable {
        /// Its status.
        package let status: Int
        /// What it says, in a sentence.
        package let description: String
        /// The fields that it has beside those of every answer.
        package let fields: [Field]
        /// What it carries; nil for nothing.
        package let content: Content?
        /// What may be asked for with what it says.
        package let links: [Link]

        /// Makes an answer of a status such as 200.
        package init(
            _ status: Int, _ description: String, fields: [Field] = [], _ content: Content? = nil,
            links: [Link] = []
        ) {
            self.status = status
            self.description = description
            self.fields = fields
            self.content = content
            self.links = links
        }
    }

    /// How an answer leads to another operation (OpenAPI 3.1 §4.8.20).
    package struct Link: Sendable {
        /// What it is called in its answer.
        package let name: String
        /// The ``Operation/id`` of what it leads to.
        package let operationID: String
        /// What it is for, in a sentence.
        package let description: String
        /// The parameters to ask with, as runtime expressions such as `$response.body#/id`.
        package let parameters: [(name: String, expression: String)]

        /// Makes a link.
        package init(
            _ name: String, to operationID: String, _ description: String,
            _ parameters: [(name: String, expression: String)]
        ) {
            self.name = name
            self.operationID = operationID
            self.description = description
            self.parameters = parameters
        }
    }
}
