/// The loops of a process.
package struct EventLoopGroup: Sendable {
    /// The loops, in the order of their indices; at least one.
    package let loops: [EventLoop]

    /// Makes and starts `count` loops, at least one; ``ProcessorCount/available()`` is the usual.
    /// - Parameter metrics: Where turns and timers are counted; nil for nowhere.
    package init(count: Int, metrics: LoopMetrics? = nil) throws(SystemError) {
        precondition(count >= 1, "A group needs a loop, not \(count).")
        var loops: [EventLoop] = []
        for index in 0..<count {
            let loop = try EventLoop(index: index, metrics: metrics)
            try loop.start()
            loops.append(loop)
        }
        self.loops = loops
    }

    /// The loop with the fewest connections, so that a handful of clients use every processor.
    package func leastLoaded() -> EventLoop {
        var best = loops[0]
        for loop in loops.dropFirst() where loop.connectionCount < best.connectionCount {
            best = loop
        }
        return best
    }

    /// Ends all loops and waits for their threads.
    package func stop() {
        for loop in loops { loop.stop() }
    }
}
