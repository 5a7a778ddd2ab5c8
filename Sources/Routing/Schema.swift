package import JSON

/// What a JSON value may be: JSON Schema 2020-12, the dialect of OpenAPI 3.1.
package struct Schema: Sendable {
    /// What it is called among the document's components; nil if it stands where it is used.
    package let name: String?
    /// The schema as JSON.
    package let definition: JSONValue
    /// The named schemas that ``definition`` refers to.
    package let uses: [Schema]

    /// Makes a schema that has a name.
    package init(_ name: String, uses: [Schema] = [], _ definition: JSONValue) {
        self.name = name
        self.definition = definition
        self.uses = uses
    }

    /// Makes a schema that has none.
    package init(_ definition: JSONValue) {
        name = nil
        self.definition = definition
        uses = []
    }

    /// What stands where the schema is used.
    package var reference: JSONValue {
        name.map { ["$ref": "#/components/schemas/\($0)"] } ?? definition
    }

    /// The schema and all that it uses, those without a name left out.
    package var named: [Schema] {
        (name == nil ? [] : [self]) + uses.flatMap(\.named)
    }
}
