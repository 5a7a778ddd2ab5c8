// What Thread Sanitizer has to know of Swift's runtime, which is not compiled with it; linked into
// every program that `scripts/test-sanitizer thread` makes, in front of the runtime's libraries.
//
// Without it, a value that is handed over under a Mutex counts as a race now and then. Each function
// here stands in front of the runtime's of the same name, and says that what one thread did before
// is seen by the other.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stddef.h>
#include <stdint.h>

#define SWIFT __attribute__((swiftcall))
#define SELF __attribute__((swift_context)) void *self

void __tsan_acquire(void *object);
void __tsan_release(void *object);

// Threads that nobody waits for end with the process: an OffloadPool may be let go of like that.
const char *__tsan_default_options(void) {
    return "report_thread_leaks=0";
}

// What a job of an OffloadPool makes reaches its caller through a continuation. That the one happens
// before the other is the runtime's doing, which cannot be seen.
const char *__tsan_default_suppressions(void) {
    return "race:s7Reactor11OffloadPoolC3run\n";
}

// Mutex tries an exchange first, which is compiled into its user and so is seen. A thread that has
// to wait, or to wake another, goes on in these (swift/stdlib/public/Synchronization/Mutex).
#define LOCK "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define UNLOCK "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"

static SWIFT void (*next_lock)(uint32_t thread, SELF);
static SWIFT void (*next_unlock)(SELF);

SWIFT void lock_slow(uint32_t thread, SELF) __asm__(LOCK);
SWIFT void lock_slow(uint32_t thread, SELF) {
    next_lock(thread, self);
    __tsan_acquire(self);
}

SWIFT void unlock_slow(SELF) __asm__(UNLOCK);
SWIFT void unlock_slow(SELF) {
    __tsan_release(self);
    next_unlock(self);
}

__attribute__((constructor)) static void find_next(void) {
    *(void **)&next_lock = dlsym(RTLD_NEXT, LOCK);
    *(void **)&next_unlock = dlsym(RTLD_NEXT, UNLOCK);
}
