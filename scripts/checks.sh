# shellcheck shell=bash
# Runs programs that check the service and counts what they say. It is sourced, after lib.sh. What
# they have in common is in Tests/Clients/checks.py.

# Debian's Python has Debian's modules; another one that comes first on the PATH does not.
# shellcheck disable=SC2034 # For those who source this.
python=/usr/bin/python3
# The longest that one program may take, in seconds.
checks_seconds_max=120
passed=0
failed=0

# Leaves in `groups` those that are the arguments, if there are any; each must be one of them.
choose_groups() {
    local group
    for group; do
        [[ " ${groups[*]} " == *" $group "* ]] || fail "There is no group $group: ${groups[*]}."
    done
    (($# == 0)) || groups=("$@")
}

# Says what was counted, in the last line, and ends the script with status 1 if anything failed.
end_checks() {
    printf '%d passed, %d failed\n' "$passed" "$failed"
    exit $((failed > 0))
}

# Runs a program, a command after a name for it, and counts the lines that it prints: `ok …`,
# `not ok …`, and others, which are shown.
run_checks() {
    local name=$1 line status=0 passed_before=$passed failed_before=$failed began=$SECONDS
    shift
    while IFS= read -r line; do
        case $line in
            'ok '*) passed=$((passed + 1)) ;;
            'not ok '*)
                failed=$((failed + 1))
                printf 'FAILED %s\n' "${line#not ok }"
                ;;
            *) printf '    %s\n' "$line" ;;
        esac
    done < <(exec timeout --kill-after=5 "$checks_seconds_max" "$@" 2>&1 </dev/null)
    wait "$!" || status=$?
    if ((status != 0 || passed + failed == passed_before + failed_before)); then
        failed=$((failed + 1))
        printf 'FAILED %s: expected it to come to its end, saw status %d\n' "$name" "$status"
    fi
    say "$name: $((passed - passed_before)) passed, $((failed - failed_before)) failed," \
        "$((SECONDS - began)) s"
}

# Installs what the file $1 asks for, from PyPI, into a folder of its own below $2 unless it is there,
# and sets `environment` to that folder, which is whole if it is there. What was there for other
# requirements goes.
install_requirements() {
    # shellcheck disable=SC2034 # For those who source this.
    environment=$PWD/$2/$(sha256sum <"$1" | cut -c 1-16)
    [[ ! -d $environment ]] || return 0
    scripts/install-packages --python
    say "Installing $(xargs <"$1")"
    rm -rf -- "$2"
    mkdir -p -- "$2"
    "$python" -m venv "$environment.new"
    # Programs name their interpreter by its path, so they are asked for by it: `python -m`.
    "$environment.new/bin/python" -m pip install --quiet --disable-pip-version-check \
        --requirement "$1" || fail "pip could not install what $1 asks for."
    mv -- "$environment.new" "$environment"
}

# Stops the program that runs, if one does, and waits until it has stopped what it started.
stop_checks() {
    [[ ${!-} ]] || return 0
    kill -TERM "$!" 2>/dev/null || true
    wait "$!" || true
}

# Sets `program` to the binary to check: PROGRAM, else the newer one of the release and the debug
# binary; it builds one if there is none.
choose_program() {
    local candidate
    if [[ ${PROGRAM-} ]]; then
        [[ -x $PROGRAM ]] || fail "PROGRAM, \`$PROGRAM\`, cannot be run."
        program=$(realpath -- "$PROGRAM")
        return
    fi
    program=
    for candidate in debug release; do
        candidate=$PWD/.build/$candidate/user-management
        [[ -x $candidate ]] || continue
        [[ $program && $program -nt $candidate ]] || program=$candidate
    done
    [[ ! $program ]] || return 0
    scripts/build-release
    program=$PWD/.build/release/user-management
}
