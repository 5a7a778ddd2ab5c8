package import HTTPServer
package import Migrations
package import Postgres
package import Reactor
package import Redis
package import Tokens

/// Why a command could not begin. Its description is for the operator: a line for each fault,
/// without secrets.
package enum StartFailure: Error, CustomStringConvertible {
    /// Variables are missing or malformed.
    case configuration(InvalidConfiguration)
    /// The variable, such as `DATABASE_URL`, is not an address.
    case databaseURL(VariableName, InvalidDatabaseURL)
    /// `REDIS_URL` is not an address.
    case redisURL(InvalidRedisURL)
    /// What `JWT_SIGNING_KEYS` gives are no keys.
    case signingKeys(InvalidSigningKeys)
    /// The password of `BOOTSTRAP_ADMIN_PASSWORD` may not be one.
    case bootstrapPassword(String)
    /// Migrations cannot run, or the database cannot be asked for them.
    case migrations(MigrationError)
    /// The port cannot be had.
    case listen(Listener.Failure)
    /// What a service manager passes to the service is not what it takes.
    case passedSockets(String)
    /// The log's thread or descriptor cannot be had.
    case log(String)
    /// There are more event loops than database connections, of which each loop needs one.
    case tooManyLoops(Int, connections: Int)
    /// So many descriptors leave no room for a client.
    case tooFewDescriptors(Int, needed: Int)
    /// A system call failed.
    case system(SystemError)

    /// A line for each fault.
    package var description: String {
        switch self {
        case .configuration(let error): "\(error)"
        case .databaseURL(let name, let error): "\(name.rawValue): \(error)"
        case .redisURL(let error): "REDIS_URL: \(error)"
        case .signingKeys(let error): "JWT_SIGNING_KEYS: \(error)"
        case .bootstrapPassword(let problem): "BOOTSTRAP_ADMIN_PASSWORD: \(problem)"
        case .migrations(let error): "\(error)"
        case .listen(let error): "\(error)"
        case .passedSockets(let problem): "\(problem)"
        case .log(let problem): "cannot write logs: \(problem)"
        case .tooManyLoops(let loops, let connections):
            "EVENT_LOOPS: \(loops) is refused: each loop needs one of the connections of "
                + "DATABASE_POOL_SIZE, which is \(connections)"
        case .tooFewDescriptors(let limit, let needed):
            "the process may open \(limit) descriptors and needs \(needed) or more; raise the "
                + "limit (ulimit -n)"
        case .system(let error): "\(error)"
        }
    }
}
