// Calls every function of the C that is ours with usual and with extreme arguments, under Undefined
// Behavior Sanitizer: `scripts/test-sanitizer undefined`. Each expectation that does not hold is a
// line, and makes the program end with status 1. With an argument it does what is undefined, so that
// the script can see that it would be told.
#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

// The signals of a trap are what is tested.
const char *__ubsan_default_options(void) {
    return "handle_segv=0:handle_sigbus=0:handle_sigill=0:handle_abort=0";
}

static int failures;

#define EXPECT(condition) \
    ((condition) ? (void)0 : (void)(failures++, printf("%d: %s\n", __LINE__, #condition)))

static void accepting(void) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t length = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM, 0), client = socket(AF_INET, SOCK_STREAM, 0);
    EXPECT(bind(listener, (struct sockaddr *)&address, length) == 0 && listen(listener, 8) == 0);
    EXPECT(getsockname(listener, (struct sockaddr *)&address, &length) == 0);
    EXPECT(connect(client, (struct sockaddr *)&address, length) == 0);
    struct sockaddr_storage peer = {0};
    int accepted = linux_accept4(listener, &peer, sizeof peer, SOCK_NONBLOCK | SOCK_CLOEXEC);
    EXPECT(accepted >= 0 && peer.ss_family == AF_INET);
    EXPECT(linux_accept4(-1, &peer, sizeof peer, 0) == -1 && errno == EBADF);
    EXPECT(linux_accept4(listener, &peer, sizeof peer, INT_MIN) == -1);
    close(accepted);
    close(client);
    close(listener);
}

static void threads(void) {
    EXPECT(linux_affinity_count() >= 1);
    linux_name_current_thread("");
    linux_name_current_thread("fifteen octets!");
    // Longer than the kernel takes.
    linux_name_current_thread("sixteen octets!!");
    linux_nice_current_thread(0);
    linux_batch_current_thread();
    EXPECT(linux_loop_of_current_thread() == -1);
    int numbers[] = {0, 1, INT_MAX, INT_MIN, -1};
    for (size_t index = 0; index < sizeof numbers / sizeof *numbers; index++) {
        linux_set_loop_of_current_thread(numbers[index]);
        EXPECT(linux_loop_of_current_thread() == numbers[index]);
    }
}

static void signals(void) {
    int pipe = linux_signal_pipe();
    EXPECT(pipe >= 0);
    int numbers[] = {SIGHUP, SIGTERM, SIGRTMAX};
    for (size_t index = 0; index < sizeof numbers / sizeof *numbers; index++) {
        int number = numbers[index];
        unsigned char octet = 0;
        EXPECT(!linux_is_signal_ignored(number) && linux_catch_signal(number) == 0);
        EXPECT(raise(number) == 0 && read(pipe, &octet, 1) == 1 && octet == number);
        signal(number, SIG_IGN);
        EXPECT(linux_is_signal_ignored(number));
    }
    int others[] = {0, -1, SIGKILL, INT_MAX, INT_MIN};
    for (size_t index = 0; index < sizeof others / sizeof *others; index++) {
        EXPECT(linux_catch_signal(others[index]) == -1);
        EXPECT(!linux_is_signal_ignored(others[index]));
    }
    close(pipe);
}

// --- What is pending when the process traps ----------------------------------------------------

// Pieces of output, and what of them has to come in the end.
struct story {
    const char *name, *expected;
    int signal;
    size_t count;
    struct {
        const char *text;
        uint32_t end, advanced;
        int is_in_hand;
    } pieces[3];
};

static char lines[10000], one_line[10000];

static const struct story stories[] = {
    {"nothing", "", SIGABRT, 0, {{0}}},
    {"nothing in a piece", "", SIGABRT, 1, {{"a\n", 0, 0, 0}}},
    {"a piece", "a\n", SIGABRT, 1, {{"a\n", 2, 0, 0}}},
    {"a piece of which some is written", "b\n", SIGSEGV, 1, {{"a\nb\n", 4, 2, 1}}},
    {"all is written", "", SIGILL, 1, {{"a\n", 2, 2, 1}}},
    {"more than all is written", "", SIGBUS, 1, {{"a\n", 2, INT_MAX, 1}}},
    {"what is in hand goes first", "c\na\nb\n", SIGTRAP, 3,
     {{"a\n", 2, 0, 0}, {"b\n", 2, 0, 0}, {"c\n", 2, 0, 1}}},
    {"many lines", lines, SIGABRT, 1, {{lines, sizeof lines - 1, 0, 0}}},
    {"a long line", one_line, SIGABRT, 1, {{one_line, sizeof one_line - 1, 0, 0}}},
};

static void trap(const struct story *story) {
    int ends[2];
    EXPECT(pipe(ends) == 0);
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        struct linux_pending pending[3] = {{0}};
        for (size_t index = 0; index < story->count; index++) {
            pending[index].octets = story->pieces[index].text;
            linux_pending_set(
                &pending[index], story->pieces[index].end, story->pieces[index].is_in_hand);
            linux_pending_advance(&pending[index], story->pieces[index].advanced);
        }
        linux_writing_begins();
        linux_writing_ended();
        if (linux_write_pending_on_trap(ends[1], pending, story->count) == 0) raise(story->signal);
        _exit(0);
    }
    close(ends[1]);
    char seen[20000];
    size_t count = 0;
    ssize_t more;
    while ((more = read(ends[0], seen + count, sizeof seen - count)) > 0) count += (size_t)more;
    close(ends[0]);
    int status;
    EXPECT(waitpid(child, &status, 0) == child);
    int is_right = WIFSIGNALED(status) && WTERMSIG(status) == story->signal
        && count == strlen(story->expected) && memcmp(seen, story->expected, count) == 0;
    if (!is_right) {
        failures++;
        printf("%s: status %d, %zu octets\n", story->name, status, count);
    }
}

static void pending(void) {
    struct linux_pending extreme = {0};
    uint32_t ends[] = {0, 1, INT_MAX};
    for (size_t index = 0; index < sizeof ends / sizeof *ends; index++) {
        for (int is_in_hand = 0; is_in_hand < 2; is_in_hand++) {
            linux_pending_set(&extreme, ends[index], is_in_hand);
            linux_pending_advance(&extreme, UINT32_MAX);
        }
    }
    memset(lines, 'x', sizeof lines - 1);
    memset(one_line, 'x', sizeof one_line - 1);
    for (size_t index = 79; index < sizeof lines - 1; index += 80) lines[index] = '\n';
    for (size_t index = 0; index < sizeof stories / sizeof *stories; index++) trap(&stories[index]);
}

int main(int count, char **arguments) {
    (void)arguments;
    if (count > 1) return INT_MAX + count > 0;
    accepting();
    threads();
    signals();
    pending();
    printf("%d expectations failed\n", failures);
    return failures != 0;
}
