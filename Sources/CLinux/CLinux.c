// What glibc declares for `_GNU_SOURCE` only is used here, not in the header: Swift's Glibc module
// is built without it, and the two must agree on every type.
#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
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

void linux_batch_current_thread(void) {
    struct sched_param none = {0};
    (void)sched_setscheduler(0, SCHED_BATCH, &none);
}

static _Thread_local int loop_number = -1;

void linux_set_loop_of_current_thread(int number) { loop_number = number; }

int linux_loop_of_current_thread(void) { return loop_number; }

// Written before any handler is there that reads it.
static int signal_pipe = -1;

int linux_signal_pipe(void) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) return -1;
    fcntl(ends[1], F_SETFL, O_NONBLOCK);
    signal_pipe = ends[1];
    return ends[0];
}

// What interrupts a thread anywhere may call little, signal-safety(7), and must leave `errno` alone.
static void write_signal(int number) {
    int kept = errno;
    unsigned char octet = (unsigned char)number;
    (void)!write(signal_pipe, &octet, 1);
    errno = kept;
}

int linux_catch_signal(int number) {
    struct sigaction action = {.sa_handler = write_signal, .sa_flags = SA_RESTART};
    sigemptyset(&action.sa_mask);
    return sigaction(number, &action, NULL);
}

int linux_is_signal_ignored(int number) {
    struct sigaction action;
    return sigaction(number, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
}
