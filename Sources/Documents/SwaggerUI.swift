/// What shows the OpenAPI document to people: Swagger UI's files as its package has them, each as
/// it is and in gzip.
package struct SwaggerUI: Sendable {
    /// A file in both forms.
    package struct File: Sendable {
        let plain: [UInt8]
        let gzipped: [UInt8]

        /// Makes a file of its octets.
        package init(plain: [UInt8], gzipped: [UInt8]) {
            self.plain = plain
            self.gzipped = gzipped
        }
    }

    let script: File
    let style: File

    /// Makes it of `swagger-ui-bundle.js` and `swagger-ui.css`.
    package init(script: File, style: File) {
        self.script = script
        self.style = style
    }
}
