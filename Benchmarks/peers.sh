# shellcheck shell=bash disable=SC2154 # The benchmarks set the variables named below.
# Those beside whom the service is measured. It is sourced after lib.sh and scripts/checks.sh, from
# the root of the repository. What starts a peer sets `process` and `port` of it, which the benchmark
# declares.

# Builds the peer with hyper from Debian's packages: nothing is downloaded.
build_hyper() {
    say "Building hyper-tokio-postgres"
    (cd -- Benchmarks/peers/hyper-tokio-postgres &&
        CARGO_TARGET_DIR=$OLDPWD/.build-peers timeout 1800 cargo build --quiet --release) ||
        fail "hyper-tokio-postgres could not be built."
}

# Starts the peer with hyper anew, with $1 connections for reads.
start_hyper() {
    end_process "${process[hyper]-}"
    port[hyper]=$(free_port)
    PORT=${port[hyper]} READ_CONNECTIONS=$1 DATABASE_URL=$DATABASE_URL \
        setpriv --pdeathsig KILL .build-peers/release/hyper-tokio-postgres \
        </dev/null >"$scratch_folder/hyper.log" 2>&1 &
    process[hyper]=$!
    await_answer "${process[hyper]}" hyper "${port[hyper]}" '/users?limit=1'
}

# Installs what the peer with FastAPI needs, from PyPI, and sets `environment`.
build_fastapi() {
    install_requirements Benchmarks/peers/fastapi/requirements.txt .build-peers/fastapi
}

# Starts the peer with FastAPI, with two workers and a line for each request, which goes through a pipe
# as the service's does. It takes the keys of access tokens from the service, on port $1, and keeps them
# when that is started anew.
start_fastapi() {
    port[fastapi]=$(free_port)
    open_log fastapi
    (
        cd -- Benchmarks/peers/fastapi || exit
        export DATABASE_URL="postgresql+asyncpg://user_management@/user_management?host=$socket"
        export JWKS_URL=http://127.0.0.1:$1/.well-known/jwks.json PYTHONDONTWRITEBYTECODE=1
        # Told to end, and not killed: so that it ends its workers.
        exec setpriv --pdeathsig TERM "$environment/bin/python" -m uvicorn main:app \
            --host 127.0.0.1 --port "${port[fastapi]}" --workers 2 --loop uvloop --http httptools
    ) </dev/null >&"$log" 2>&1 {log}>&- &
    process[fastapi]=$!
    exec {log}>&-
    await_answer "${process[fastapi]}" fastapi "${port[fastapi]}" /openapi.json
}

# Starts nginx anew with as many workers as the service has event loops.
start_nginx() {
    end_process "${process[nginx]-}"
    port[nginx]=$(free_port)
    mkdir -p "$scratch_folder/nginx"
    sed "s/@PORT@/${port[nginx]}/" Benchmarks/nginx.conf >"$scratch_folder/nginx/nginx.conf"
    # Told to end when this script is killed, and not killed: so that it ends its workers.
    setpriv --pdeathsig TERM /usr/sbin/nginx -p "$scratch_folder/nginx" -e stderr -c nginx.conf \
        -g "worker_processes $(nproc);" </dev/null >"$scratch_folder/nginx.log" 2>&1 &
    process[nginx]=$!
    await_answer "${process[nginx]}" nginx "${port[nginx]}" /health/live
}

# Prints the names of the fields and the body that port $1 answers a request for liveness with; nginx
# cannot be kept from sending `Server` and `Connection`.
liveness_shape() {
    curl -si --max-time 5 "http://127.0.0.1:$1/health/live" | tr -d '\r' |
        sed -E '1,/^$/ s/^([A-Za-z-]+):.*/\1/' | grep -vixE 'Server|Connection' | LC_ALL=C sort
}

# Ends the script unless nginx answers as the service on port $1 does.
check_nginx() {
    local ours theirs
    ours=$(liveness_shape "$1")
    theirs=$(liveness_shape "${port[nginx]}")
    [[ $ours == "$theirs" ]] ||
        fail "The answers differ, so the figures would mean nothing:"$'\n'"$ours"$'\n'"$theirs"
}

# Has pgbench run the statement of workload $1 with $2 clients in $3 threads for $4 seconds, and
# prints the number of transactions and that of transactions a second.
pgbench_load() {
    local output children attempt
    children=$(pgrep -c -P "$postmaster")
    output=$(timeout $(($4 + 30)) "$programs/pgbench" --no-vacuum --protocol=prepared \
        --file="Benchmarks/users/$1.sql" --client="$2" --jobs="$3" --time="$4" \
        --host="$socket" --port=5432 --username=user_management user_management 2>&1) ||
        fail "pgbench failed:"$'\n'"$output"
    # The CPU time of its backends is PostgreSQL's once they have ended.
    for ((attempt = 0; attempt < 500; attempt++)); do
        (($(pgrep -c -P "$postmaster") > children)) || break
        sleep 0.01
    done
    awk '/^number of transactions actually processed:/ { count = $NF } /^tps = / { rate = $3 }
        /^number of failed transactions:/ && $5 != 0 { exit 1 }
        END { if (!count) exit 1; print count, rate }' <<<"$output"
}
