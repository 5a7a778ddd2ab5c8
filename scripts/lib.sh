# shellcheck shell=bash
# What the scripts beside this file share. It is sourced, under `set -euo pipefail`, from the root
# of the repository.

# Says what happens next.
say() {
    printf '==> %s\n' "$*"
}

# Says what is wrong and ends the script with status 2: somebody can put it right.
fail() {
    printf '%s: %s\n' "${0##*/}" "$*" >&2
    exit 2
}

# Prints the value that the service will see for variable $1: that of the environment, else of
# `.env`.
setting() {
    if [[ ${!1-} ]]; then
        printf '%s' "${!1}"
    elif [[ -r .env ]]; then
        sed -nE "s/^[[:space:]]*(export[[:space:]]+)?$1=//p" .env |
            sed -nE "s/[[:space:]]+(#.*)?\$//; s/^([\"'])(.*)\\1\$/\\2/; \$p"
    fi
}

# Ends the script unless there is a Swift that can build the package.
require_swift() {
    local needed=6.3 found
    command -v swift >/dev/null ||
        fail "Swift $needed or later is needed and there is no \`swift\` on the PATH;" \
            "https://www.swift.org/install/linux/ tells how to install it."
    found=$(swift --version 2>&1 | sed -nE 's/.*Swift version ([0-9]+(\.[0-9]+)*).*/\1/p')
    [[ $(printf '%s\n' "$needed" "$found" | sort -V | head -n 1) == "$needed" ]] ||
        fail "Swift $needed or later is needed; $(command -v swift) is ${found:-no Swift at all}."
}

# Sets `program` to the release binary, which is built if there is none, or to what PROGRAM names.
choose_release() {
    program=${PROGRAM:-$PWD/.build/release/user-management}
    if [[ ! -x $program ]]; then
        [[ ! ${PROGRAM-} ]] || fail "PROGRAM, \`$PROGRAM\`, cannot be run."
        require_swift
        scripts/build-release
    fi
    program=$(realpath -- "$program")
}

# Has the script call its function `clean_up` when it ends, also by a signal. Nothing interrupts the
# cleaning: neither a second signal nor output that nobody reads any more.
clean_up_at_exit() {
    trap 'trap "" HUP INT TERM; set +e; clean_up' EXIT
    trap 'exit 129' HUP
    trap 'exit 130' INT
    trap 'exit 143' TERM
    trap '' PIPE
}

# Prints a TCP port that nobody listens on, outside the range that clients get theirs from.
free_port() {
    timeout 10 python3 - <<'PYTHON'
import random
import socket

while True:
    with socket.socket() as listener:
        try:
            listener.bind(("127.0.0.1", port := random.randrange(20_000, 30_000)))
        except OSError:
            continue
    print(port)
    break
PYTHON
}
