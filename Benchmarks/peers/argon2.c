// How many hashes libargon2 verifies in a second by itself, on some threads: what logins are
// compared with.
//
// usage: argon2 THREADS SECONDS HASH PASSWORD
//
// Prints the number of verifications and that of verifications a second.

#include <argon2.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const char *hash, *password;
static double deadline;
static atomic_long verified;

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec + time.tv_nsec / 1e9;
}

static void *verify(void *unused) {
    while (now() < deadline) {
        if (argon2id_verify(hash, password, strlen(password)) != ARGON2_OK) {
            fprintf(stderr, "argon2: the hash is not that of the password\n");
            exit(1);
        }
        verified++;
    }
    return unused;
}

int main(int count, char **arguments) {
    if (count != 5 || atoi(arguments[1]) < 1 || atoi(arguments[2]) < 1) {
        fprintf(stderr, "usage: argon2 THREADS SECONDS HASH PASSWORD\n");
        return 2;
    }
    int thread_count = atoi(arguments[1]);
    pthread_t *threads = calloc(thread_count, sizeof *threads);
    hash = arguments[3];
    password = arguments[4];
    double began = now();
    deadline = began + atoi(arguments[2]);
    for (int index = 0; index < thread_count; index++) {
        if (pthread_create(&threads[index], NULL, verify, NULL) != 0) return 1;
    }
    for (int index = 0; index < thread_count; index++) pthread_join(threads[index], NULL);
    printf("%ld %.2f\n", (long)verified, verified / (now() - began));
    return 0;
}
