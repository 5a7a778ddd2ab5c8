/// A `.env` file, read as a whole: its values, and every fault that was found on the way.
package struct EnvironmentFile: Equatable, Sendable {
    /// The largest file that is read, in octets.
    package static let octetsMax = 256 * 1024

    /// A file that is not there.
    package static let none = EnvironmentFile(values: [:], faults: [])

    /// The values by name; a name that stands twice keeps its first.
    package let values: [String: String]
    /// What is wrong, in the order of the lines.
    package let faults: [ConfigurationFault]

    private init(values: [String: String], faults: [ConfigurationFault]) {
        self.values = values
        self.faults = faults
    }

    /// Reads the file at `path`; one that does not exist is ``none``.
    ///
    /// A file that exists but cannot be read is a fault.
    package init(reading path: String, with reader: FileReader) {
        do throws(FileReadError) {
            self.init(parsing: try reader.read(path, Self.octetsMax), path: path)
        } catch .notFound {
            self = .none
        } catch {
            self.init(values: [:], faults: [.unreadableFile(path: path, reason: error)])
        }
    }

    /// Parses a file's octets. `path` is what faults are reported under.
    package init(parsing octets: [UInt8], path: String) {
        guard let text = String(validating: octets, as: UTF8.self) else {
            self.init(values: [:], faults: [.unreadableFile(path: path, reason: .notText)])
            return
        }
        var values: [String: String] = [:]
        var firstLines: [String: Int] = [:]
        var faults: [ConfigurationFault] = []
        for (number, line) in zip(1..., Self.lines(of: text)) {
            do throws(EnvironmentLineFault) {
                guard case .assignment(let name, let value) = try EnvironmentLine(parsing: line)
                else { continue }
                if let first = firstLines[name] {
                    faults.append(
                        .repeatedName(path: path, line: number, name: name, firstLine: first))
                    continue
                }
                firstLines[name] = number
                values[name] = value
            } catch {
                faults.append(.malformedLine(path: path, line: number, reason: error))
            }
        }
        self.init(values: values, faults: faults)
    }

    /// The lines without their line breaks, LF or CR LF.
    private static func lines(of text: String) -> [Substring] {
        text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            .map { line in
                Substring(line.last == UInt8(ascii: "\r") ? line.dropLast() : line)
            }
    }
}
