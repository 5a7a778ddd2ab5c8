# shellcheck shell=bash disable=SC2154 # The benchmarks set the variables named below.
# What the benchmarks beside this file share. It is sourced after scripts/lib.sh and
# scripts/postgres.sh, from the root of the repository.
#
# A benchmark sets `program`, the service's program, by `choose_release`, `scratch_folder`, where
# everything is that is gone afterwards, and `rounds`. What it records goes to the file FIGURES, if the
# environment names one, which stays.

# Ends the child process $1 and its children, if there is one: nothing of it is needed any more. It goes
# first, lest it replaces its children.
end_process() {
    local children
    [[ $1 ]] || return 0
    children=$(pgrep -P "$1") || true
    # shellcheck disable=SC2086 # A process each.
    kill -KILL "$1" $children 2>/dev/null || true
    wait "$1" 2>/dev/null || true
}

# --- Servers --------------------------------------------------------------------------------------

# Waits until process $1, called $2, answers a request for $4 on port $3.
await_answer() {
    local attempt
    for ((attempt = 0; attempt < 600; attempt++)); do
        kill -0 "$1" 2>/dev/null || break
        ! curl -fso /dev/null --max-time 2 "http://127.0.0.1:$3$4" || return 0
        sleep 0.1
    done
    tail -n 5 -- "$scratch_folder/$2.log" >&2
    fail "$2 does not answer on port $3."
}

# Starts a PostgreSQL for the service, with its schema and the settings `name=value` that are given,
# and sets DATABASE_URL.
start_database() {
    forget_other_servers
    chmod 0755 "$scratch_folder"
    make_server_folder "$scratch_folder/server"
    make_cluster "$scratch_folder/server" --no-sync
    start_server "$scratch_folder/server" "$@"
    make_database
    DATABASE_URL=$(database_url user_management user_management)
    export DATABASE_URL
    migrate_database "$DATABASE_URL"
}

# Runs psql on the database as the service's role.
query() {
    "$programs/psql" --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --tuples-only --no-align \
        --host="$socket" --port=5432 --username=user_management --dbname=user_management "$@"
}

# Has the database write all that it holds, so that it need not in the middle of a turn.
make_checkpoint() {
    "$programs/psql" --no-psqlrc --quiet --host="$socket" --port=5432 --username=postgres \
        --dbname=postgres --command=CHECKPOINT
}

# Starts a PostgreSQL with its defaults for what a commit costs, and sets `postmaster`. Nothing it
# does on its own falls into the measuring: neither a vacuum nor a checkpoint.
start_quiet_database() {
    start_database autovacuum=off checkpoint_timeout=1d max_wal_size=8GB shared_buffers=512MB \
        max_connections=200
    postmaster=$(head -n 1 "$scratch_folder/server/data/postmaster.pid")
}

# Starts such a PostgreSQL with 200,000 users, whose ids are in `ids`.
start_seeded_database() {
    start_quiet_database
    say "Registering 200,000 users"
    query --file=Benchmarks/users/seed.sql
    query --command='SELECT id FROM users' >"$scratch_folder/ids"
    make_checkpoint
}

# Who measures, unless it takes nobody in particular.
administrator_email=administrator@example.com
administrator_password='seventeen brave otters'

# Makes an administrator in the database, and sets `authorization` to what the service that runs
# knows the administrator by.
log_in() {
    (cd -- "$scratch_folder" && "$program" admin create --email "$administrator_email" \
        <<<"$administrator_password" >/dev/null) || fail "There is no administrator."
    authorization="Bearer $(curl -fsS --max-time 30 --header 'Content-Type: application/json' \
        --data "{\"email\":\"$administrator_email\",\"password\":\"$administrator_password\"}" \
        "http://127.0.0.1:$service_port/auth/login" |
        sed -nE 's/.*"access_token":"([^"]+)".*/\1/p')"
    [[ $authorization != 'Bearer ' ]] || fail "Nobody can log in."
}

# Opens a pipe for what a process logs, and sets `log`, its descriptor, which is to be closed once the
# process runs: who reads it ends with the last writer. Only the beginning is kept, as `$1.log`. Who
# reads is no child of the process: what reading takes is none of its figures.
open_log() {
    exec {log}> >(
        head -c 65536 >"$scratch_folder/$1.log"
        exec cat >/dev/null
    )
}

# Starts the service anew, with variables `NAME=value` and by a command that follows them, and sets
# `service` and `service_port`. It counts requests as in production, under limits that nobody meets,
# since all clients are one here; failed logins it does not count; its tokens outlive any measure.
# What it logs goes through a pipe.
start_service() {
    end_process "${service-}"
    service=
    open_log service
    service_port=$(free_port)
    # In the scratch folder, so that it reads no `.env`.
    (
        cd -- "$scratch_folder" || exit
        export PORT=$service_port HTTP_CONNECTION_REQUESTS_MAX=1000000000
        export ACCESS_TOKEN_LIFETIME=24h RATE_LIMIT_LOGIN_ID=off
        export RATE_LIMIT_{IP,TOKEN,LOGIN_IP,REGISTER_IP}=1000000000/1s
        exec setpriv --pdeathsig KILL env "$@" serve
    ) </dev/null >&"$log" 2>&1 {log}>&- &
    service=$!
    exec {log}>&-
    await_answer "$service" service "$service_port" /health/live
}

# --- Logins ---------------------------------------------------------------------------------------

# How many users log in. They have the administrator's password.
login_users=400

# Gives the users who log in the administrator's password, builds the program that has libargon2 alone
# verify it, and sets `hash`, and `hashing_threads` to those of the service with process $1.
prepare_logins() {
    cc -O2 -o "$scratch_folder/argon2" Benchmarks/peers/argon2.c -largon2 -pthread
    hashing_threads=$(grep -lx hashing "/proc/$1/task/"*/comm | wc -l)
    hash=$(query --command="SELECT password_hash FROM users WHERE 'admin' = ANY (roles)")
    query --set=hash="$hash" --set=count="$login_users" <<'SQL'
UPDATE users SET email = 'user' || number || '@example.com', password_hash = :'hash',
    email_key = 'user' || number || '@example.com'
FROM generate_series(0, :count - 1) AS number
WHERE id = ('019ac3f2-7b00-7000-8000-' || 100000000000 + number)::uuid;
SQL
}

# Has users log in on port $1 with $2 connections for $3 seconds; prints what `load` prints.
log_in_users() {
    load "$1" "$2" "$3" / --timeout 10s -s Benchmarks/users/log-in.lua -- \
        "$login_users" "$administrator_password"
}

# Has libargon2 alone verify a password for $1 seconds, on as many threads as the service hashes on;
# prints how often it did, and how often in a second.
verify_hashes() {
    timeout $(($1 + 30)) "$scratch_folder/argon2" "$hashing_threads" "$1" "$hash" \
        "$administrator_password" || fail "libargon2 does not verify the hash."
}

# --- Measuring ------------------------------------------------------------------------------------

# Prints the CPU time of process $1 and its children, in ticks: of their own code, of the kernel.
cpu_ticks() {
    local process
    for process in "$1" $(pgrep -P "$1"); do
        # The program's name, which ends with the last parenthesis, may hold anything.
        sed 's/.*) //' "/proc/$process/stat" 2>/dev/null || true
    done | awk '{ user += $12; kernel += $13 } END { print user, kernel }'
}

# Prints the CPU time of all processes that PostgreSQL has or has had, in ticks.
server_ticks() {
    local user kernel
    read -r user kernel <<<"$(cpu_ticks "$postmaster")"
    sed 's/.*) //' "/proc/$postmaster/stat" |
        awk -v running=$((user + kernel)) '{ print running + $14 + $15 }'
}

# Prints the resident memory of process $1 and its children in KiB; what they share counts for each.
resident_kib() {
    local process
    for process in "$1" $(pgrep -P "$1"); do
        sed -nE 's/^VmRSS:[[:space:]]*([0-9]+) kB/\1/p' "/proc/$process/status" 2>/dev/null || true
    done | awk '{ sum += $1 } END { print sum }'
}

# Runs wrk on port $1 with $2 connections for $3 seconds, for path $4, on a thread for each CPU as far
# as the connections can be shared out, and prints the number of requests, that of requests a second, of
# their latency in microseconds the median, the 99th and the 99.9th percentile, and how many were not
# answered, or with an error. The other arguments are wrk's; a script among them has to read
# Benchmarks/wrk.lua. All answers have to be successes; with `refused` all have to be errors. All
# requests have to be answered. With `lossy` some need not, and one answer in a hundred may be an error.
load() {
    local output script=() threads
    threads=$(nproc)
    # Each has as many connections as the others; what is left over would not be opened.
    while (($2 % threads > 0)); do threads=$((threads - 1)); done
    [[ " ${*:5} " == *' -s '* ]] || script=(-s Benchmarks/wrk.lua)
    output=$(timeout $(($3 + 30)) wrk -t"$threads" -c"$2" -d"$3s" "http://127.0.0.1:$1$4" \
        "${script[@]}" "${@:5}") || fail "wrk failed on port $1."
    awk -v refused="${refused-}" -v lossy="${lossy-}" '
        # "Socket errors: connect 0, read 1, write 0, timeout 0"
        $1 == "Socket" { lost = $4 + $6 + $8 + $10 }
        $2 == "requests" { count = $1 }
        $1 == "Requests/sec:" { rate = $2 }
        $1 == "Percentiles:" { $1 = ""; percentiles = $0 }
        /^ *Non-2xx/ { errors = $NF }
        END {
            if (!count || !percentiles) exit 1
            if (refused ? errors != count : errors > (lossy ? count / 100 : 0)) exit 1
            if (lost && !lossy) exit 1
            print count, rate percentiles, lost + (refused ? 0 : errors)
        }' <<<"$output" || fail "Not all on port $1 was answered as expected:"$'\n'"$output"
}

# Opens $2 idle connections to port $1, and returns when each has been answered a request for
# liveness. Sets `holder`.
hold_connections() {
    local answer
    (($(ulimit -Hn) >= $2 + 1000)) ||
        fail "\`ulimit -Hn\` is $(ulimit -Hn), too few for $2 connections."
    [[ -p $scratch_folder/to-holder ]] ||
        mkfifo "$scratch_folder/to-holder" "$scratch_folder/from-holder"
    timeout 300 Benchmarks/hold-connections "$1" "$2" /health/live \
        <"$scratch_folder/to-holder" >"$scratch_folder/from-holder" &
    holder=$!
    exec 6>"$scratch_folder/to-holder" 7<"$scratch_folder/from-holder"
    read -r -t 120 answer <&7 || true
    [[ $answer == held ]] || fail "The service did not take $2 connections."
}

# Closes the idle connections; each of them must still be served.
release_connections() {
    local answer
    exec 6>&-
    read -r -t 120 answer <&7 || true
    [[ $answer == served ]] || fail "The service did not keep its idle connections."
    exec 7<&-
    wait "$holder"
    holder=
}

# Puts a copy of program $1 into the scratch folder, as $2, without the DWARF of Swift's compiler,
# which valgrind cannot read.
copy_for_valgrind() { strip -g -o "$scratch_folder/$2" "$1"; }

# Starts program $1 as the service, on one event loop, under valgrind, which counts nothing yet; the
# other arguments are variables.
start_under_valgrind() {
    copy_for_valgrind "$1" user-management
    rm -f -- "$scratch_folder/profile"*
    start_service EVENT_LOOPS=1 ACCESS_LOG=off "${@:2}" valgrind --tool=callgrind \
        --instr-atstart=no --callgrind-out-file="$scratch_folder/profile" \
        "$scratch_folder/user-management"
}

# Sends valgrind, which runs the service, a command.
instruct_valgrind() {
    timeout -k 5 60 vgdb --pid="$service" "$@" >>"$scratch_folder/vgdb.log" 2>&1 ||
        fail "valgrind does not obey \`$*\`:"$'\n'"$(tail -n 5 -- "$scratch_folder/vgdb.log")"
}

# Prints how many instructions valgrind's profile $1 tells of.
profiled_instructions() {
    local total
    total=$(sed -nE 's/^(totals|summary): ([0-9]+).*/\2/p' "$1" | tail -n 1)
    [[ $total ]] || fail "valgrind wrote no profile."
    echo "$total"
}

# Has valgrind count the instructions of requests for path $1, which 64 connections send, or as many as
# `counting_connections` says; the other arguments are wrk's. Sets `instructions`, those of one request,
# and prints where they are spent.
count_under_valgrind() {
    local served requests total profile connections=${counting_connections-64}
    load "$service_port" "$connections" 2 "$@" >/dev/null
    instruct_valgrind instrumentation on
    served=$(load "$service_port" "$connections" 5 "$@")
    instruct_valgrind instrumentation off
    # What it has counted goes to a file of its own, and it begins anew.
    instruct_valgrind dump
    profile=$(printf '%s\n' "$scratch_folder"/profile.* | sort -V | tail -n 1)
    total=$(profiled_instructions "$profile")
    # Each connection has one more that is answered, too, though wrk does not wait for it in the end.
    requests=$((${served%% *} + connections))
    instructions=$((total / requests))
    say "$instructions instructions a request, over $requests requests, in these functions:"
    timeout 60 callgrind_annotate "$profile" 2>/dev/null |
        awk -v requests="$requests" '
            # "123,456 ( 1.23%)  file:function [object]", and the total first.
            $1 ~ /^[0-9,]+$/ && /:/ && shown++ < 15 {
                count = $1
                gsub(",", "", count)
                sub(/^[^)]*\) *[^ :]*:/, "")
                sub(/ \[[^]]*\]$/, "")
                printf "%8.1f  %s\n", count / requests, $0
            }' |
        timeout 60 swift demangle --compact | cut -c 1-150
}

# Records a figure $2 of what is called $1, which is $3 in this round.
record() {
    printf '%s %s %s\n' "$1" "$2" "$3" >>"${FIGURES:-$scratch_folder/figures}"
}

# Prints what $1 ticks of CPU time are for each of $2 requests, in nanoseconds.
nanoseconds_each() {
    awk -v ticks="$1" -v count="$2" -v tick="$(getconf CLK_TCK)" \
        'BEGIN { printf "%.0f", ticks * 1e9 / tick / count }'
}

# Prints what was recorded as $1 $2, a line for each round.
recorded() {
    awk -v name="$1" -v figure="$2" '$1 == name && $2 == figure { print $3 }' \
        "${FIGURES:-$scratch_folder/figures}"
}

# Prints the median of the lines of standard input, with $1 decimals.
median() {
    sort -g | awk -v decimals="$1" '{ value[NR] = $1 }
        END { printf "%.*f", decimals, (value[int((NR + 1) / 2)] + value[int((NR + 2) / 2)]) / 2 }'
}

# Prints the median over the rounds of figure $1 of $2 divided by that of $3: what disturbs the
# machine for longer than a round disturbs both.
median_ratio() {
    paste -d ' ' <(recorded "$2" "$1") <(recorded "$3" "$1") | awk '{ print $1 / $2 }' | median 2
}

# Has the service that `services` and `ports` know as $1 answer what is called $2, and records what
# that took, as `$2-$1 cpu` in nanoseconds a request and `$2-$1 rate`. The other arguments are a path,
# and wrk's. There are as many `connections`, for as many `seconds`, as the benchmark says.
measure_service() {
    local before served after count rate
    before=$(cpu_ticks "${services[$1]}")
    served=$(load "${ports[$1]}" "$connections" "$seconds" "${@:3}")
    after=$(cpu_ticks "${services[$1]}")
    read -r count rate _ <<<"$served"
    record "$2-$1" rate "$rate"
    record "$2-$1" cpu "$(nanoseconds_each "$((${after/ /+} - (${before/ /+})))" "$count")"
}

# Prints a row: $1, the medians of figure $3 of what is called $2 for the two services that are named
# in `compared`, the ratio of the first to the second, and its goal $4 $5.
report_service_row() {
    local name unit=1 decimals=0 quotient
    [[ $3 == rate ]] || unit=1000 decimals=2
    printf '| %s |' "$1"
    for name in "${compared[@]}"; do
        printf ' %s |' "$(recorded "$2-$name" "$3" | awk -v unit=$unit '{ print $1 / unit }' |
            median $decimals)"
    done
    quotient=$(median_ratio "$3" "$2-${compared[0]}" "$2-${compared[1]}")
    printf ' %s%s |\n' "$quotient" "${4:+, $4 $5: $(verdict "$quotient" "$4" "$5")}"
}

# Prints whether figure $1 is at most (`<=`) or at least (`>=`) $3.
verdict() {
    awk -v figure="$1" -v goal="$3" -v least="$([[ $2 == '>=' ]] && echo 1)" 'BEGIN {
        print ((least ? figure >= goal : figure <= goal) ? "met" : "MISSED") }'
}

# Prints the load of the machine, without which no figure can be judged.
say_load() {
    say "Load of the machine: $(cut -d ' ' -f 1-3 /proc/loadavg) on $(nproc) CPUs"
}

# Prints how long an idle processor looks for work before it halts: to wake that of a virtual machine
# takes its host some ten microseconds (Documentation/virt/guest-halt-polling.rst of Linux).
idle_time() {
    local nanoseconds
    if read -r nanoseconds 2>/dev/null </sys/module/haltpoll/parameters/guest_halt_poll_ns; then
        echo "$((nanoseconds / 1000)) µs"
    else
        echo 'as long as the kernel decides'
    fi
}

# Records what all figures depend on.
record_machine() {
    record machine date "$(date -u +%F)"
    record machine processor "$(sed -nE 's/^model name[[:space:]]*: //p' /proc/cpuinfo | head -n 1)"
    record machine cpus "$(nproc)"
    record machine idle "$(idle_time)"
    record machine rounds "$rounds"
    record machine commit "$(git rev-parse --short HEAD 2>/dev/null || echo unknown)"
    record machine load "$(cut -d ' ' -f 1-3 /proc/loadavg)"
}

# Prints what the figures depend on.
report_machine() {
    printf '\n%s, %s, %s CPUs, %s rounds, commit %s\n' "$(date -u +%F)" \
        "$(sed -nE 's/^model name[[:space:]]*: //p' /proc/cpuinfo | head -n 1)" "$(nproc)" \
        "$rounds" "$(git rev-parse --short HEAD 2>/dev/null || echo unknown)"
}
