#ifndef CLINUX_H
#define CLINUX_H
// The Linux system calls that Swift's Glibc module leaves out.
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include "PendingOutput.h"

/// accept4(2); `address`, of `length` octets, receives the peer's.
int linux_accept4(int descriptor, void *address, unsigned length, int flags);

/// The number of processors that the calling thread may run on, at least 1; sched_getaffinity(2).
int linux_affinity_count(void);

/// Names the calling thread for ps(1) and perf(1), at most 15 octets; pthread_setname_np(3).
void linux_name_current_thread(const char *name);

/// Lowers the calling thread's scheduling priority by some steps, from that of the process; nice(2),
/// which on Linux counts for one thread.
void linux_nice_current_thread(int steps);

/// Has the calling thread, when it is woken, take no processor from whoever runs there: SCHED_BATCH,
/// sched(7). It has its share all the same. Where that is not allowed, all stays as it is.
void linux_batch_current_thread(void);

/// Says which event loop the calling thread runs, by its number from 0.
void linux_set_loop_of_current_thread(int number);

/// The event loop that the calling thread runs, by its number; -1 if it runs none.
int linux_loop_of_current_thread(void);

/// Makes the pipe that caught signals are written into, each as one octet, its number; pipe2(2).
/// Returns the end to read from, or -1 with `errno`. Writing never blocks.
int linux_signal_pipe(void);

/// Has `number` written into the pipe whenever it comes, on whichever thread; sigaction(2). Returns 0,
/// or -1 with `errno`.
int linux_catch_signal(int number);

/// Whether `number` is ignored; sigaction(2).
int linux_is_signal_ignored(int number);
#endif
