import CHiredis

/// Makes replies out of what comes from Redis, however it is cut; hiredis' reader.
///
/// A reply has at most ``elementsMax`` elements, none of which is a list, and what is fed since the
/// last complete one is at most ``octetsMax`` octets: whoever is on the other side cannot have more
/// memory taken than that, and what hiredis needs for the elements.
final class ReplyReader {
    /// What came is not the protocol; nothing can be read any more.
    struct Malformed: Error, Equatable {}

    /// Octets since the last reply that was complete.
    static let octetsMax = 256 * 1024
    /// Elements of a list.
    static let elementsMax: CInt = 16

    private let reader: UnsafeMutablePointer<redisReader>
    /// How hiredis makes its objects.
    private let standard: UnsafeMutablePointer<redisReplyObjectFunctions>
    /// The same, within the bounds: hiredis itself would take room for any number of elements, and
    /// end the process if there is none.
    private let bounded: UnsafeMutablePointer<redisReplyObjectFunctions>
    /// Octets that were fed since the last complete reply: hiredis itself lets go of the elements
    /// of a list that it has read, and keeps what they say.
    private var octetCount = 0

    init() {
        guard let reader = redisReaderCreate(), let functions = reader.pointee.fn else {
            preconditionFailure("hiredis has no memory for a reader.")
        }
        self.reader = reader
        standard = .allocate(capacity: 1)
        standard.initialize(to: functions.pointee)
        bounded = .allocate(capacity: 1)
        bounded.initialize(to: functions.pointee)
        bounded.pointee.createArray = { task, count in
            guard let task, count <= ReplyReader.elementsMax, task.pointee.parent == nil else {
                return nil
            }
            let standard = task.pointee.privdata.assumingMemoryBound(
                to: redisReplyObjectFunctions.self)
            return standard.pointee.createArray(task, count)
        }
        reader.pointee.fn = bounded
        reader.pointee.privdata = UnsafeMutableRawPointer(standard)
    }

    deinit {
        redisReaderFree(reader)
        bounded.deallocate()
        standard.deallocate()
    }

    /// Takes in what has come.
    /// - Returns: false if it is too much.
    func feed(_ octets: UnsafeRawBufferPointer) -> Bool {
        octetCount += octets.count
        guard octetCount <= Self.octetsMax else { return false }
        let start = octets.baseAddress?.assumingMemoryBound(to: CChar.self)
        return redisReaderFeed(reader, start, octets.count) == REDIS_OK
    }

    /// The next reply that is complete; nil if there is none yet.
    func next() throws(Malformed) -> RedisReply? {
        var object: UnsafeMutableRawPointer?
        guard redisReaderGetReply(reader, &object) == REDIS_OK else { throw Malformed() }
        guard let object else { return nil }
        defer { freeReplyObject(object) }
        octetCount = reader.pointee.len - reader.pointee.pos
        return RedisReply(object.assumingMemoryBound(to: redisReply.self).pointee)
    }
}

extension RedisReply {
    fileprivate init(_ reply: redisReply) {
        let octets = UnsafeRawBufferPointer(
            start: reply.str, count: reply.str == nil ? 0 : reply.len)
        switch reply.type {
        case REDIS_REPLY_STRING: self = .string(Array(octets))
        case REDIS_REPLY_STATUS: self = .status(String(decoding: octets, as: UTF8.self))
        case REDIS_REPLY_INTEGER: self = .integer(reply.integer)
        case REDIS_REPLY_ERROR: self = .error(Self.code(of: octets))
        case REDIS_REPLY_ARRAY:
            let elements = UnsafeBufferPointer(start: reply.element, count: reply.elements)
            self = .list(elements.map { $0.map { RedisReply($0.pointee) } ?? .null })
        default: self = .null
        }
    }

    /// The first word of an error, if it is a word such as `WRONGPASS`; the rest may hold what was
    /// sent.
    private static func code(of message: UnsafeRawBufferPointer) -> String {
        let word = message.prefix { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }
        return word.isEmpty || word.count > 32 ? "ERR" : String(decoding: word, as: UTF8.self)
    }
}
