// What Address Sanitizer has to know of Swift's runtime; linked into every program that
// `scripts/test-sanitizer address` makes.

// No search for leaks at the end. An object that has been referred to weakly keeps its counts in an
// allocation beside it, the only pointer to which is stored shifted
// (swift/stdlib/public/SwiftShims/RefCount.h), so the search cannot follow it; and what a task holds
// that has not ended with the process counts as lost, now and then.
const char *__asan_default_options(void) {
    return "detect_leaks=0";
}
