import Glibc

/// What all lines of one output have in common: layout, colour, and the service's name.
package struct LogStyle: Hashable, Sendable {
    /// The name that `service` shows unless another is given.
    package static let defaultService = "user-management"

    /// The layout.
    package let format: LogFormat
    /// Whether text carries colours; JSON never does.
    package let isColoured: Bool
    /// The value of `service`.
    package let service: String

    /// Makes a style.
    package init(
        format: LogFormat, isColoured: Bool = false, service: String = LogStyle.defaultService
    ) {
        self.format = format
        self.isColoured = isColoured && format == .text
        self.service = service
    }

    /// Makes a style for an output: text is coloured if it goes to a terminal, isatty(3).
    package init(format: LogFormat, output descriptor: CInt) {
        self.init(format: format, isColoured: isatty(descriptor) == 1)
    }
}
