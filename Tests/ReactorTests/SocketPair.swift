import Glibc

@testable import Reactor

/// Two connected sockets, socketpair(2); both are closed at the end of its life.
final class SocketPair {
    let near: CInt
    private var far: CInt

    init() throws {
        var numbers: [CInt] = [-1, -1]
        guard socketpair(AF_UNIX, CInt(SOCK_STREAM.rawValue), 0, &numbers) == 0 else {
            throw SystemError(call: "socketpair")
        }
        (near, far) = (numbers[0], numbers[1])
    }

    deinit {
        close(near)
        closeFar()
    }

    func writeFar(_ text: String) {
        _ = write(far, text, text.utf8.count)
    }

    func closeFar() {
        guard far >= 0 else { return }
        close(far)
        far = -1
    }
}
