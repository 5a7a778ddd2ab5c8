import Documents
import Logging

extension SwaggerUI {
    /// More than any of its files has, in octets.
    private static let fileOctetsMax = 8 * 1024 * 1024

    /// Reads the files that `scripts/fetch-swagger-ui` puts into a folder; nil, with a line in the
    /// log, if one of them cannot be read. Blocks: for use at start only.
    init?(folder: String, logger: Logger) {
        func file(_ name: String) throws(FileReadError) -> PackedContent {
            let octets = try FileReader.system.read("\(folder)/\(name)", Self.fileOctetsMax)
            guard let content = PackedContent(gzip: octets) else { throw .empty }
            return content
        }
        do throws(FileReadError) {
            try self.init(
                script: file("swagger-ui-bundle.js.gz"), style: file("swagger-ui.css.gz"))
        } catch {
            logger.notice("No interactive page at /docs: Swagger UI in \(folder): \(error)")
            return nil
        }
    }
}
