# shellcheck shell=bash
# Services on ports of their own, for scripts that check running ones. It is sourced, after lib.sh
# and checks.sh.
#
# A script sets `scratch_folder` and `database`, the URL of a database that is migrated.

# Limits of rate that nobody meets, and that are counted as others are.
raised_limits=(RATE_LIMIT_{IP,TOKEN,LOGIN_IP,REGISTER_IP}"=1000000000/1s" RATE_LIMIT_LOGIN_ID=off)

# The services by number.
service_ports=()
service_processes=()

# Ends what checks have begun: the program that runs, the services and the database.
end_all() {
    local number
    stop_checks
    for number in "${!service_processes[@]}"; do stop_service "$number"; done
    [[ ! ${socket-} ]] || stop_server "$scratch_folder/server"
}

# Leaves no trace and says nothing: the last words are the result. A script that has begun more has a
# function of its own.
clean_up() {
    end_all
    rm -rf -- "$scratch_folder"
}

# Starts a PostgreSQL that is thrown away, without a word to the disk, with an empty database.
start_throw_away_server() {
    say "Starting a throw-away PostgreSQL in $scratch_folder"
    chmod 0755 "$scratch_folder"
    make_server_folder "$scratch_folder/server"
    make_cluster "$scratch_folder/server" --no-sync
    start_server "$scratch_folder/server" fsync=off synchronous_commit=off full_page_writes=off
    make_database
}

# The same, and sets `database` to the URL of its database, which is migrated.
start_throw_away_database() {
    start_throw_away_server
    database=$(database_url user_management user_management)
    migrate_database "$database"
}

# Who checks as an administrator; the services in this file serve nobody else.
administrator_email=administrator@example.com
administrator_password='seventeen brave otters'

# Makes the administrator in `database`.
make_administrator() {
    DATABASE_URL=$database "$program" admin create --email "$administrator_email" \
        <<<"$administrator_password" >/dev/null || fail 'There is no administrator.'
}

# Sets `authorization` to the value of Authorization by which service $1 knows the administrator.
log_in() {
    local answer
    answer=$(curl --silent --show-error --fail --header 'Content-Type: application/json' \
        --data "{\"email\":\"$administrator_email\",\"password\":\"$administrator_password\"}" \
        "http://127.0.0.1:${service_ports[$1]}/auth/login") || fail "Service $1 lets nobody in."
    authorization="Bearer $(/usr/bin/python3 -c \
        'import json, sys; print(json.load(sys.stdin)["access_token"])' <<<"$answer")"
}

# Starts service $1 with the settings `NAME=value` that follow, on the port that it had, and waits
# until it answers. Its limits of rate are too high to be met, since all clients are one here, and
# failed logins are not counted; its tokens outlive any check.
start_service() {
    local number=$1 log=$scratch_folder/service-$1.log attempt
    service_ports[number]=${service_ports[number]:-$(free_port)}
    (
        cd -- "$scratch_folder" || exit
        exec env DATABASE_URL="$database" PORT="${service_ports[number]}" HOST=127.0.0.1 \
            "${raised_limits[@]}" ACCESS_TOKEN_LIFETIME=24h "${@:2}" \
            setpriv --pdeathsig TERM "$program" serve </dev/null >>"$log" 2>&1
    ) &
    service_processes[number]=$!
    for ((attempt = 0; attempt < 300; attempt++)); do
        kill -0 "$!" 2>/dev/null || break
        PORT=${service_ports[number]} "$program" healthcheck >/dev/null 2>&1 && return
        sleep 0.1
    done
    tail -n 5 -- "$log" >&2
    fail "The service does not answer on port ${service_ports[number]}."
}

# Stops service $1 as an operator does and waits until it has ended.
stop_service() {
    [[ ${service_processes[$1]-} ]] || return 0
    kill -TERM "${service_processes[$1]}" 2>/dev/null || true
    wait "${service_processes[$1]}" || true
    unset "service_processes[$1]"
}
