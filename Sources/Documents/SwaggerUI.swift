/// What shows the OpenAPI document to people: Swagger UI's files as its package has them.
package struct SwaggerUI: Sendable {
    let script: PackedContent
    let style: PackedContent

    /// Makes it of `swagger-ui-bundle.js` and `swagger-ui.css`.
    package init(script: PackedContent, style: PackedContent) {
        self.script = script
        self.style = style
    }
}
