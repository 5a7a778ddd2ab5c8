# shellcheck shell=bash disable=SC2154 # The benchmarks set the variables named below.
# What the benchmarks beside this file share. It is sourced after scripts/lib.sh and
# scripts/postgres.sh, from the root of the repository.
#
# A benchmark sets `program`, the service's program, `scratch_folder`, where everything is that is
# gone afterwards, and `rounds`.

# Ends the child process $1, if there is one: nothing of it is needed any more.
end_process() {
    [[ $1 ]] || return 0
    pkill -KILL -P "$1" 2>/dev/null || true
    kill -KILL "$1" 2>/dev/null || true
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

# Starts the service anew, with variables `NAME=value` and by a command that follows them, and sets
# `service` and `service_port`. It counts requests as in production, under limits that nobody meets,
# since all clients are one here; failed logins it does not count; its tokens outlive any measure.
# What it logs goes through a pipe; only the beginning is kept.
start_service() {
    end_process "${service-}"
    service=
    service_port=$(free_port)
    # In the scratch folder, so that it reads no `.env`.
    (
        cd -- "$scratch_folder" || exit
        export PORT=$service_port HTTP_CONNECTION_REQUESTS_MAX=1000000000
        export ACCESS_TOKEN_LIFETIME=24h RATE_LIMIT_LOGIN_ID=off
        export RATE_LIMIT_{IP,TOKEN,LOGIN_IP,REGISTER_IP}=1000000000/1s
        exec setpriv --pdeathsig KILL env "$@" serve
    ) </dev/null > >(
        head -c 65536 >"$scratch_folder/service.log"
        exec cat >/dev/null
    ) 2>&1 &
    service=$!
    await_answer "$service" service "$service_port" /health/live
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

# Runs wrk on port $1 with $2 connections for $3 seconds, for path $4, and prints the number of
# requests, that of requests a second, and the median of their latency in microseconds. The other
# arguments are wrk's.
load() {
    local output
    output=$(timeout $(($3 + 30)) wrk -t1 -c"$2" -d"$3s" --latency "http://127.0.0.1:$1$4" \
        "${@:5}") || fail "wrk failed on port $1."
    ! grep -E 'Socket errors|Non-2xx' <<<"$output" >&2 || fail "Not every request was answered."
    awk '$2 == "requests" { count = $1 } $1 == "Requests/sec:" { rate = $2 }
        $1 == "50%" { median = $2 * ($2 ~ /us$/ ? 1 : $2 ~ /ms$/ ? 1e3 : 1e6) }
        END { if (!count) exit 1; print count, rate, median }' <<<"$output"
}

# Starts program $1 as the service, on one event loop, under valgrind, which counts nothing yet; the
# other arguments are variables.
start_under_valgrind() {
    # valgrind cannot read the DWARF of Swift's compiler.
    strip -g -o "$scratch_folder/user-management" "$1"
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

# Has valgrind count the instructions of requests for path $1, which 64 connections send; the other
# arguments are wrk's. Sets `instructions`, those of one request, and prints where they are spent.
count_under_valgrind() {
    local served requests total
    load "$service_port" 64 2 "$@" >/dev/null
    instruct_valgrind instrumentation on
    served=$(load "$service_port" 64 6 "$@")
    instruct_valgrind instrumentation off
    instruct_valgrind dump
    total=$(sed -nE 's/^(totals|summary): ([0-9]+).*/\2/p' "$scratch_folder/profile.1" | tail -n 1)
    [[ $total ]] || fail "valgrind wrote no profile."
    requests=${served%% *}
    instructions=$((total / requests))
    say "$instructions instructions a request, over $requests requests, in these functions:"
    timeout 60 callgrind_annotate "$scratch_folder/profile.1" 2>/dev/null |
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
    printf '%s %s %s\n' "$1" "$2" "$3" >>"$scratch_folder/figures"
}

# Prints what $1 ticks of CPU time are for each of $2 requests, in nanoseconds.
nanoseconds_each() {
    awk -v ticks="$1" -v count="$2" -v tick="$(getconf CLK_TCK)" \
        'BEGIN { printf "%.0f", ticks * 1e9 / tick / count }'
}

# Prints what was recorded as $1 $2, a line for each round.
recorded() {
    awk -v name="$1" -v figure="$2" '$1 == name && $2 == figure { print $3 }' \
        "$scratch_folder/figures"
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

# Prints what the figures depend on.
report_machine() {
    printf '\n%s, %s, %s CPUs, %s rounds, commit %s\n' "$(date -u +%F)" \
        "$(sed -nE 's/^model name[[:space:]]*: //p' /proc/cpuinfo | head -n 1)" "$(nproc)" \
        "$rounds" "$(git rev-parse --short HEAD 2>/dev/null || echo unknown)"
}
