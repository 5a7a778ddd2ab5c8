#define _GNU_SOURCE
#include "PendingOutput.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

// A range is one word, so that who looks sees its beginning and its end as they are at one moment:
// 32 bits of the beginning, 31 of the end, one that is set while a writer has it in hand.
#define END_SHIFT 32
#define IN_HAND (UINT64_C(1) << 63)

// A pipe that poll(2) calls writable takes as much at once (pipe(7), PIPE_BUF).
#define PIECE 4096
// How long all of it may take.
#define MILLISECONDS 1000

static const int signals[] = {SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGSEGV};
#define SIGNAL_COUNT (sizeof signals / sizeof *signals)

// Set before the handlers are, and never again.
static struct {
    int descriptor;
    struct linux_pending *pending;
    size_t count;
    struct sigaction before[SIGNAL_COUNT];
} output;

// How many threads are inside of write(2), and whether the handler writes. Each side says so before it
// looks at the other, in one order for all (seq_cst), so that never both write.
static int writing;
static int is_trapped;
// Whether the handler has written.
static int is_done;

void linux_pending_set(struct linux_pending *pending, uint32_t end, int is_in_hand) {
    uint64_t range = (uint64_t)end << END_SHIFT | (is_in_hand ? IN_HAND : 0);
    __atomic_store_n(&pending->range, range, __ATOMIC_RELEASE);
}

void linux_pending_advance(struct linux_pending *pending, uint32_t count) {
    __atomic_fetch_add(&pending->range, count, __ATOMIC_RELEASE);
}

void linux_writing_begins(void) {
    __atomic_fetch_add(&writing, 1, __ATOMIC_SEQ_CST);
    if (!__atomic_load_n(&is_trapped, __ATOMIC_SEQ_CST)) return;
    __atomic_fetch_sub(&writing, 1, __ATOMIC_SEQ_CST);
    while (1) poll(NULL, 0, -1);
}

void linux_writing_ended(void) { __atomic_fetch_sub(&writing, 1, __ATOMIC_SEQ_CST); }

// --- The handler, and what it calls: only what signal-safety(7) lists --------------------------

static int64_t milliseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

// Waits until `flag` is `value`; 0 if `deadline` passed before.
static int await(const int *flag, int value, int64_t deadline) {
    while (__atomic_load_n(flag, __ATOMIC_SEQ_CST) != value) {
        if (milliseconds() >= deadline) return 0;
        poll(NULL, 0, 1);
    }
    return 1;
}

// How much of `count` octets to write at once: up to the last line break, if there is one.
static size_t piece_of(const unsigned char *octets, size_t count) {
    if (count <= PIECE) return count;
    size_t piece = PIECE;
    while (piece > 0 && octets[piece - 1] != '\n') piece--;
    return piece > 0 ? piece : PIECE;
}

// Writes octets; 0 if that cannot be done until `deadline`. It never waits inside of write(2), since
// the next write only begins when there is room for it.
static int write_all(const unsigned char *octets, size_t count, int64_t deadline) {
    while (count > 0) {
        struct pollfd request = {.fd = output.descriptor, .events = POLLOUT};
        int64_t rest = deadline - milliseconds();
        if (rest <= 0) return 0;
        int ready = poll(&request, 1, (int)rest);
        if (ready == 0 || (ready > 0 && request.revents != POLLOUT)) return 0;
        if (ready < 0) continue;
        ssize_t written = write(output.descriptor, octets, piece_of(octets, count));
        if (written < 0 && errno != EINTR && errno != EAGAIN) return 0;
        if (written <= 0) continue;
        octets += written;
        count -= (size_t)written;
    }
    return 1;
}

// Writes what is pending: what a writer had in hand, which is oldest, then the rest.
static void write_pending(void) {
    int64_t deadline = milliseconds() + MILLISECONDS;
    // A writer who does not come back has an output that takes nothing, and nobody knows what it took.
    if (!await(&writing, 0, deadline)) return;
    for (int turn = 0; turn < 2; turn++) {
        for (size_t index = 0; index < output.count; index++) {
            struct linux_pending *pending = &output.pending[index];
            uint64_t range = __atomic_load_n(&pending->range, __ATOMIC_ACQUIRE);
            if (((range & IN_HAND) == 0) != turn) continue;
            size_t begin = (uint32_t)range, end = (range & ~IN_HAND) >> END_SHIFT;
            if (begin >= end) continue;
            const unsigned char *octets = pending->octets;
            if (!write_all(octets + begin, end - begin, deadline)) return;
        }
    }
}

static void trapped(int number, siginfo_t *information, void *context) {
    (void)context;
    int error = errno;
    if (!__atomic_exchange_n(&is_trapped, 1, __ATOMIC_SEQ_CST)) {
        write_pending();
        __atomic_store_n(&is_done, 1, __ATOMIC_SEQ_CST);
    } else {
        // Another thread was first, and this one must not end the process before it has written.
        await(&is_done, 1, milliseconds() + MILLISECONDS);
    }
    for (size_t index = 0; index < SIGNAL_COUNT; index++) {
        if (signals[index] == number) sigaction(number, &output.before[index], NULL);
    }
    // A fault happens again when the handler returns, and is seen as what it was. What somebody sent
    // does not, nor does a trap that the processor has passed: that is given to the handler before,
    // Swift's, which may return. The process ends all the same, for nothing is written any more.
    if (information->si_code <= 0 || number == SIGTRAP) {
        sigset_t own;
        sigemptyset(&own);
        sigaddset(&own, number);
        pthread_sigmask(SIG_UNBLOCK, &own, NULL);
        raise(number);
        signal(number, SIG_DFL);
        raise(number);
    }
    errno = error;
}

int linux_write_pending_on_trap(int descriptor, struct linux_pending *pending, size_t count) {
    output.descriptor = descriptor;
    output.pending = pending;
    output.count = count;
    for (size_t index = 0; index < SIGNAL_COUNT; index++) {
        if (sigaction(signals[index], NULL, &output.before[index]) != 0) return -1;
    }
    struct sigaction action = {.sa_sigaction = trapped, .sa_flags = SA_SIGINFO | SA_ONSTACK};
    sigfillset(&action.sa_mask);
    for (size_t index = 0; index < SIGNAL_COUNT; index++) {
        if (sigaction(signals[index], &action, NULL) != 0) return -1;
    }
    return 0;
}
