// Reads at a steady rate, whatever the answers do, and tells how long they took: from when a request
// was due, not from when it could be sent, so that a server that stands still is not spared.
//
// usage: steady-reads PORT RATE SECONDS CONNECTIONS REQUESTS
//
// REQUESTS is a file of requests, each ending with an empty line, which take turns. Prints the number
// of answers and the 50th, 99th and 99.9th percentile and the longest time, in microseconds. An
// answer other than 200 is an error.

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#define ANSWER_MAX 65536
#define REQUESTS_MAX 20000
// What the timer is called among the connections.
#define TIMER UINT32_MAX
// Answers that may still come after the last request, in nanoseconds.
#define PATIENCE_NS 10000000000LL

struct connection {
    int descriptor;
    int is_busy;
    int64_t due;
    size_t length;
    char answer[ANSWER_MAX];
};

static struct connection *connections;
static int connection_count, epoll, timer;
static char *starts[REQUESTS_MAX + 1];
static size_t request_count;
// When it began, from one request to the next, and when each answer came after it was due.
static int64_t began, step, *times;
// Requests in all, those that are due so far, that were sent, and answers.
static int64_t total, due_count, sent, answered;

static void fail(const char *what) {
    fprintf(stderr, "steady-reads: %s: %s\n", what, strerror(errno));
    exit(1);
}

static int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static int compare(const void *left, const void *right) {
    int64_t difference = *(const int64_t *)left - *(const int64_t *)right;
    return difference < 0 ? -1 : difference > 0;
}

// Opens a connection that is watched as number `index`.
static int connected(int port, uint32_t index) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    struct epoll_event event = {.events = EPOLLIN, .data.u32 = index};
    int descriptor = socket(AF_INET, SOCK_STREAM, 0), on = 1;
    inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
    if (connect(descriptor, (struct sockaddr *)&address, sizeof address)) fail("connect");
    setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event)) fail("epoll_ctl");
    return descriptor;
}

// Takes what has come; whether the answer is whole.
static int is_answered(struct connection *connection) {
    ssize_t count = read(connection->descriptor, connection->answer + connection->length,
                         ANSWER_MAX - 1 - connection->length);
    if (count <= 0) fail("the connection ended");
    connection->length += count;
    connection->answer[connection->length] = 0;
    char *body = strstr(connection->answer, "\r\n\r\n");
    if (!body) return 0;
    if (strncmp(connection->answer, "HTTP/1.1 200 ", 13)) {
        fprintf(stderr, "steady-reads: %s\n", connection->answer);
        exit(1);
    }
    char *field = strcasestr(connection->answer, "\r\nContent-Length:");
    if (!field || field > body) {
        fprintf(stderr, "steady-reads: an answer without a length\n");
        exit(1);
    }
    return connection->length >= (size_t)(body + 4 - connection->answer) + atol(field + 17);
}

// Reads a file of requests; notes where each begins, and the end after the last one.
static size_t requests_of(const char *path) {
    FILE *file = fopen(path, "r");
    if (!file) fail(path);
    static char text[1 << 24];
    text[fread(text, 1, sizeof text - 1, file)] = 0;
    fclose(file);
    size_t count = 0;
    char *start = text, *end;
    while (count < REQUESTS_MAX && (end = strstr(start, "\r\n\r\n"))) {
        starts[count++] = start;
        start = end + 4;
    }
    starts[count] = start;
    return count;
}

// Sends the requests that are due, as long as there is a connection that is free.
static void send_due(void) {
    static int next = 0;
    while (due_count < total && began + due_count * step <= now()) due_count++;
    for (int tried = 0; sent < due_count && tried < connection_count; tried++) {
        struct connection *connection = &connections[next];
        next = (next + 1) % connection_count;
        if (connection->is_busy) continue;
        const char *request = starts[sent % request_count];
        ssize_t length = starts[sent % request_count + 1] - request;
        connection->is_busy = 1;
        connection->length = 0;
        connection->due = began + sent++ * step;
        if (write(connection->descriptor, request, length) != length) fail("write");
    }
}

// Waits until a request is due, or for answers, and takes them.
static void receive(void) {
    int64_t due = due_count < total ? began + due_count * step : 0;
    struct itimerspec alarm = {.it_value = {due / 1000000000, due % 1000000000}};
    timerfd_settime(timer, TFD_TIMER_ABSTIME, &alarm, NULL);
    struct epoll_event events[64];
    int count = epoll_wait(epoll, events, 64, 1000);
    for (int index = 0; index < count; index++) {
        if (events[index].data.u32 == TIMER) {
            uint64_t expirations;
            (void)!read(timer, &expirations, sizeof expirations);
            continue;
        }
        struct connection *connection = &connections[events[index].data.u32];
        if (!is_answered(connection)) continue;
        times[answered++] = now() - connection->due;
        connection->is_busy = 0;
    }
}

static void report(void) {
    double parts[] = {0.5, 0.99, 0.999, 1};
    qsort(times, total, sizeof *times, compare);
    printf("%ld", (long)total);
    for (int index = 0; index < 4; index++) {
        printf(" %.0f", times[(int64_t)((total - 1) * parts[index])] / 1000.0);
    }
    printf("\n");
}

int main(int argument_count, char **arguments) {
    if (argument_count != 6) {
        fprintf(stderr, "usage: steady-reads PORT RATE SECONDS CONNECTIONS REQUESTS\n");
        return 2;
    }
    total = atof(arguments[2]) * atof(arguments[3]);
    connection_count = atoi(arguments[4]);
    request_count = requests_of(arguments[5]);
    if (total < 1 || connection_count < 1 || request_count < 1) return 2;
    epoll = epoll_create1(0);
    timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
    struct epoll_event event = {.events = EPOLLIN, .data.u32 = TIMER};
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, timer, &event)) fail("epoll_ctl");
    times = calloc(total, sizeof *times);
    connections = calloc(connection_count, sizeof *connections);
    for (int index = 0; index < connection_count; index++) {
        connections[index].descriptor = connected(atoi(arguments[1]), index);
    }
    began = now();
    step = 1e9 / atof(arguments[2]);
    int64_t deadline = began + total * step + PATIENCE_NS;
    while (answered < total && now() < deadline) {
        send_due();
        receive();
    }
    if (answered < total) {
        fprintf(stderr, "steady-reads: %ld answers are missing\n", (long)(total - answered));
        return 1;
    }
    report();
    return 0;
}
