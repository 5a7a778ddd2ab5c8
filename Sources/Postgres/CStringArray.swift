import Glibc

/// An array of C strings that ends with a null pointer, as libpq takes names and parameters.
struct CStringArray: ~Copyable {
    private let storage: UnsafeMutableBufferPointer<UnsafeMutablePointer<CChar>?>

    /// Copies `strings`, which hold no NUL; nil becomes a null pointer.
    init(_ strings: [String?]) {
        storage = .allocate(capacity: strings.count + 1)
        storage.initialize(repeating: nil)
        for (index, string) in strings.enumerated() {
            storage[index] = string.flatMap { strdup($0) }
        }
    }

    deinit {
        for string in storage { free(string) }
        storage.deallocate()
    }

    /// Lends the array to `body`; the pointers are valid until it returns.
    func withPointers<Value>(
        _ body: (UnsafePointer<UnsafePointer<CChar>?>?) -> Value
    ) -> Value {
        storage.withMemoryRebound(to: UnsafePointer<CChar>?.self) { body($0.baseAddress) }
    }
}
