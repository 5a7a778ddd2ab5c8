// What glibc declares for `_GNU_SOURCE` only is used here, not in the header: Swift's Glibc module
// is built without it, and the two must agree on every type.
#define _GNU_SOURCE
#include "CLinux.h"

#include <pthread.h>
#include <sched.h>
#include <sys/socket.h>
#include <unistd.h>

int linux_accept4(int descriptor, void *address, unsigned length, int flags) {
    socklen_t taken = length;
    return accept4(descriptor, address, &taken, flags);
}

int linux_affinity_count(void) {
    cpu_set_t set;
    CPU_ZERO(&set);
    if (sched_getaffinity(0, sizeof(set), &set) != 0) return 1;
    int count = CPU_COUNT(&set);
    return count > 0 ? count : 1;
}

void linux_name_current_thread(const char *name) { pthread_setname_np(pthread_self(), name); }

void linux_nice_current_thread(int steps) { (void)!nice(steps); }

static _Thread_local int loop_number = -1;

void linux_set_loop_of_current_thread(int number) { loop_number = number; }

int linux_loop_of_current_thread(void) { return loop_number; }
