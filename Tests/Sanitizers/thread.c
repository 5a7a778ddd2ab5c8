// What Thread Sanitizer has to know of Swift's runtime, which is not compiled with it; linked into
// every program that `scripts/test-sanitizer thread` makes, in front of the runtime's libraries.
//
// Without it, a value that is handed over under a Mutex, or through a continuation, counts as a race
// now and then. Each function here stands in front of the runtime's of the same name, and says that
// what one thread did before is seen by the other. So no report need be suppressed.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stddef.h>
#include <stdint.h>

#define SWIFT __attribute__((swiftcall))
#define ASYNC __attribute__((swiftasynccall))
#define SELF __attribute__((swift_context)) void *self
#define CONTEXT __attribute__((swift_async_context)) continuation *context

void __tsan_acquire(void *object);
void __tsan_release(void *object);

// Threads that nobody waits for end with the process: an OffloadPool may be let go of like that.
const char *__tsan_default_options(void) {
    return "report_thread_leaks=0";
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

// A continuation that does not throw: `ContinuationAsyncContext` (swift/ABI/Task.h). As it never has
// an error, there is room to remember where the task goes on.
typedef struct continuation continuation;
typedef ASYNC void (*resumption)(CONTEXT);

struct continuation {
    void *parent;
    resumption resume;
    size_t flags;
    size_t status;
    resumption error;
};

SWIFT void *swift_task_getCurrent(void);
static SWIFT void (*next_resume)(void *task);
static ASYNC void (*next_await)(CONTEXT);

SWIFT void swift_continuation_resume(void *task) {
    __tsan_release(task);
    next_resume(task);
}

static ASYNC void resumed(CONTEXT) {
    __tsan_acquire(swift_task_getCurrent());
    context->resume = context->error;
    context->error = NULL;
    __attribute__((musttail)) return context->resume(context);
}

ASYNC void swift_continuation_await(CONTEXT) {
    context->error = context->resume;
    context->resume = resumed;
    __attribute__((musttail)) return next_await(context);
}

__attribute__((constructor)) static void find_next(void) {
    *(void **)&next_lock = dlsym(RTLD_NEXT, LOCK);
    *(void **)&next_unlock = dlsym(RTLD_NEXT, UNLOCK);
    *(void **)&next_resume = dlsym(RTLD_NEXT, "swift_continuation_resume");
    *(void **)&next_await = dlsym(RTLD_NEXT, "swift_continuation_await");
}
