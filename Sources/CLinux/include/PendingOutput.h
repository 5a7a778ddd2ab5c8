#ifndef PENDING_OUTPUT_H
#define PENDING_OUTPUT_H
// Output that waits in memory and is written even if the process traps.
#include <stddef.h>
#include <stdint.h>

/// Octets in memory that never moves, and which of them are yet to be written. The memory is a
/// writer's; the rest is for the functions below.
struct linux_pending {
    const void *octets;
    uint64_t range;
};

/// Says, at once for everybody who looks, that of `pending` the octets from 0 to `end` are yet to be
/// written, and whether a writer has them in hand: those go before all others.
void linux_pending_set(struct linux_pending *pending, uint32_t end, int is_in_hand);

/// Says that `count` octets more of `pending`, which its writer has in hand, are written.
void linux_pending_advance(struct linux_pending *pending, uint32_t count);

/// To be called before a write of what is pending, or between it; it does not return once the process
/// is trapped, for then somebody else writes.
void linux_writing_begins(void);

/// To be called when that write has ended and was told of.
void linux_writing_ended(void);

/// From now on, SIGILL, SIGTRAP, SIGABRT, SIGBUS and SIGSEGV first write what of `count` pieces is
/// pending to `descriptor`, and then do what they did before. To be called once in a process;
/// `pending` is borrowed for good. Returns 0, or -1 with `errno`.
///
/// The handler takes no lock, allocates nothing, and takes a second at most, whatever the other end
/// of `descriptor` does.
int linux_write_pending_on_trap(int descriptor, struct linux_pending *pending, size_t count);
#endif
