# shellcheck shell=bash
# A private PostgreSQL server in a folder of its own, on a Unix socket and no TCP port. It is
# sourced, after lib.sh.
#
# The folder belongs to the server's user and has mode 0700. It holds
#   data/       the cluster, made on first use
#   socket/     the socket, unless its path would be too long
#   server.log  what the server says
# The server trusts whoever reaches the socket: the folder's mode lets in its owner and root alone.
#
# A script calls `make_server_folder`, `make_cluster`, `start_server` and `stop_server`, in this
# order. On the way they set `programs`, the folder of PostgreSQL's programs, and `socket`, the
# folder of the socket.

# Forgets the variables of the environment that name another server, libpq's and the service's.
forget_other_servers() {
    local name
    for name in "${!PG@}"; do unset "$name"; done
    unset DATABASE_URL DATABASE_URL_FILE DATABASE_DIRECT_URL DATABASE_DIRECT_URL_FILE
}

# Brings the database with URL $1 up to date by `program`. It runs in `scratch_folder`, where no
# `.env` can name another one.
migrate_database() {
    local migrations=$PWD/migrations output
    output=$(cd -- "$scratch_folder" && DATABASE_URL=$1 MIGRATIONS_DIRECTORY=$migrations \
        timeout 60 "$program" migrate upgrade head 2>&1) ||
        fail "The database could not be migrated:"$'\n'"$output"
}

# Makes a folder $1 of mode $2 unless it is there; its parent is.
make_folder() {
    [[ -d $1 ]] || mkdir -m "$2" -- "$1"
}

# Makes a server's folder $1. PostgreSQL refuses to run as root, so root gives the folder to the
# user `postgres`.
make_server_folder() {
    make_folder "$1" 0700
    ((EUID != 0)) || chown postgres:postgres -- "$1"
}

# Runs a command as the owner of the server's folder $1.
as_owner_of() {
    local folder=$1
    shift
    if ((EUID == 0)); then
        setpriv --reuid="$(stat -c %u -- "$folder")" --regid="$(stat -c %g -- "$folder")" \
            --clear-groups -- "$@"
    else
        "$@"
    fi
}

# Runs one of PostgreSQL's programs, $2, as the owner of the server's folder $1 and inside it: what
# is in the folder is named without its path, which then needs no quoting. A server must not inherit
# descriptors 8 and 9, on which the caller may hold locks.
in_server_folder() (
    cd -- "$1" || exit
    as_owner_of . env LC_ALL=C.UTF-8 "$programs/$2" "${@:3}"
) 8>&- 9>&-

# Sees to it that the server's folder $1 holds a cluster; it is made whole or not at all, with the
# options for initdb that follow. Sets `programs`: of the version that made it, else the newest.
make_cluster() {
    local version='*' output
    [[ ! -e $1/data/PG_VERSION ]] || version=$(<"$1/data/PG_VERSION")
    programs=$(compgen -G "/usr/lib/postgresql/$version/bin/postgres" | sort -V | tail -n 1) ||
        fail "There is no /usr/lib/postgresql/$version/bin/postgres, which $1 needs."
    programs=${programs%/postgres}
    [[ ! -d $1/data ]] || return 0
    rm -rf -- "$1/data.new"
    output=$(in_server_folder "$1" initdb --pgdata=data.new --username=postgres \
        --encoding=UTF8 --locale=C.UTF-8 --auth-local=trust --auth-host=reject \
        --data-checksums --no-instructions "${@:2}" 2>&1) ||
        fail "initdb could not make a cluster in $1:"$'\n'"$output"
    mv -- "$1/data.new" "$1/data"
}

# Sets `socket` to the folder for the socket of the server in folder $1.
choose_socket() {
    local LC_ALL=C path=$1/socket/.s.PGSQL.5432
    # A socket's path may have 107 bytes (unix(7)), and a strange one would have to be quoted: for a
    # shell, for PostgreSQL's configuration and for a URL.
    if ((${#path} > 100)) || [[ $path == *[!A-Za-z0-9/._\ -]* ]]; then
        socket=$(mktemp -d /tmp/user-management-XXXXXX)
    else
        socket=$1/socket
        make_folder "$socket" 0700
    fi
    chown --reference="$1" -- "$socket"
}

# True if the server in folder $1 accepts connections; sets `socket` to the folder of its socket.
is_server_running() {
    # The fifth line of the server's lock file names it.
    socket=$(sed -n 5p -- "$1/data/postmaster.pid" 2>/dev/null) && [[ $socket ]] &&
        "$programs/pg_isready" -q -h "$socket" -p 5432 -U postgres -d postgres
}

# Starts the server in folder $1, with the settings `name=value` that follow. A server that already
# runs there is used as it is.
start_server() {
    local folder=$1 name_and_value options attempt
    shift
    ! is_server_running "$folder" || return 0
    choose_socket "$folder"
    options="-c listen_addresses='' -c unix_socket_directories='$socket'"
    for name_and_value in "$@"; do options+=" -c $name_and_value"; done
    # The backends of a server that was killed hold its memory until they notice: try again.
    for attempt in 1 2 3; do
        in_server_folder "$folder" pg_ctl start --silent --wait --timeout=300 --pgdata=data \
            --log=server.log --options="$options" >/dev/null 2>&1 && return 0
        ((attempt == 3)) || sleep 1
    done
    tail -n 5 -- "$folder/server.log" >&2
    fail "PostgreSQL did not start; $folder/server.log says why."
}

# Stops the server in folder $1.
stop_server() {
    in_server_folder "$1" pg_ctl stop --silent --wait --timeout=60 --mode=fast --pgdata=data \
        >/dev/null 2>&1 || true
    [[ $socket == "$1"/* ]] || rm -rf -- "$socket"
}

# Makes the role and the database `user_management` on the server, if they are missing.
make_database() {
    "$programs/psql" --no-psqlrc --quiet --set=ON_ERROR_STOP=1 \
        --host="$socket" --port=5432 --username=postgres --dbname=postgres <<'SQL'
SELECT 'CREATE ROLE user_management LOGIN'
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'user_management')
\gexec
SELECT 'CREATE DATABASE user_management OWNER user_management'
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'user_management')
\gexec
SQL
}

# Prints the URL of database $1 on the server, for role $2.
database_url() {
    printf 'postgresql:///%s?host=%s&port=5432&user=%s' "$1" "${socket// /%20}" "$2"
}
