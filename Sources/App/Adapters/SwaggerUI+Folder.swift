import Documents
import Logging

extension SwaggerUI {
    /// More than any of its files has, in octets.
    private static let fileOctetsMax = 8 * 1024 * 1024

    /// Reads the files that `scripts/fetch-swagger-ui` puts into a folder; nil, with a line in the
    /// log, if one of them cannot be read. Blocks: for use at start only.
    init?(folder: String, logger: Logger) {
        func file(_ name: String) throws(FileReadError) -> File {
            try File(
                plain: FileReader.system.read("\(folder)/\(name)", Self.fileOctetsMax),
                gzipped: FileReader.system.read("\(folder)/\(name).gz", Self.fileOctetsMax))
        }
        do throws(FileReadError) {
            try self.init(script: file("swagger-ui-bundle.js"), style: file("swagger-ui.css"))
        } catch {
            logger.notice("No interactive page at /docs: Swagger UI in \(folder): \(error)")
            return nil
        }
    }
}
