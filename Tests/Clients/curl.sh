#!/usr/bin/env bash
# Checks with curl. Arguments: the URL and a folder to write to. Each check prints a line
# `ok <name>` or `not ok <name>: expected …, saw …`; scripts/check-clients counts them.
set -euo pipefail

url=$1
folder=$2
json='Content-Type: application/json'
bearer=${AUTHORIZATION#Bearer }

# Reports whether $3 is what matches the pattern $2.
check() {
    # shellcheck disable=SC2053 # The right side is a pattern.
    if [[ $3 == $2 ]]; then
        printf 'ok curl: %s\n' "$1"
    else
        printf 'not ok curl: %s: expected %s, saw %s\n' "$1" "$2" "${3//$'\n'/ }"
    fi
}

# Runs curl as the administrator.
ask() {
    ask_as_nobody --oauth2-bearer "$bearer" "$@"
}

# Runs curl with what every check wants; a failure of curl's is part of what is printed.
ask_as_nobody() {
    curl --silent --show-error --max-time 20 --noproxy '*' "$@" 2>&1 || printf ' curl ended with %d' $?
}

# Prints the status and the number of connections that were opened, for each URL of the arguments.
statuses() {
    ask --output /dev/null --write-out '%{http_code}/%{num_connects} ' "$@"
}

# Prints a user that nobody has registered yet.
new_user() {
    printf '{"email": "curl.%s.%s@example.com", "display_name": "Ada"}' "$$" "$RANDOM$RANDOM"
}

conversation() {
    local user path tag next
    user=$(new_user)
    path=$(ask --header "$json" --data "$user" --output /dev/null \
        --write-out '%{http_code} %header{location}' "$url/users")
    check 'registering' '201 /users/????????-*' "$path"
    path=${path#* }
    check 'a duplicate' '409 application/problem+json' "$(ask --header "$json" --data "$user" \
        --output /dev/null --write-out '%{http_code} %{content_type}' "$url/users")"
    tag=$(ask --etag-save "$folder/tag" --output /dev/null --write-out '%header{etag}' "$url$path")
    check 'reading' '"1-a"' "$tag"
    check 'reading what has not changed' '304 0' "$(ask --etag-compare "$folder/tag" \
        --output /dev/null --write-out '%{http_code} %{size_download}' "$url$path")"
    check 'changing' '200 "2-a"' "$(ask --request PATCH --header "If-Match: $tag" \
        --header 'Content-Type: application/merge-patch+json' --data '{"display_name": "Ada L."}' \
        --output /dev/null --write-out '%{http_code} %header{etag}' "$url$path")"
    ask --header "$json" --data "$(new_user)" --output /dev/null "$url/users"
    next=$(ask --head --write-out '%header{link}' --output /dev/null "$url/users?limit=1")
    check 'Link of a page' '</users?limit=1&cursor=*>; rel="next"' "$next"
    next=${next#<}
    check 'the page that Link names' '{"items":*' "$(ask "$url${next%%>*}")"
    check 'deleting' '204' "$(ask --request DELETE --output /dev/null --write-out '%{http_code}' \
        "$url$path")"
    check 'reading what is gone' '*"code":"user_not_found"*' "$(ask "$url$path")"
}

# Prints the text of member $1 of the JSON object $2.
member() {
    sed -nE 's/.*"'"$1"'":"([^"]*)".*/\1/p' <<<"$2"
}

logins() {
    local user tokens refresh
    check 'reading without a token' '401 Bearer' "$(ask_as_nobody --output /dev/null \
        --write-out '%{http_code} %header{www-authenticate}' "$url/users")"
    user=$(new_user)
    user=${user%\}}', "password": "seven quiet otters swim"}'
    check 'registering as nobody' '201' "$(ask_as_nobody --header "$json" --data "$user" \
        --output /dev/null --write-out '%{http_code}' "$url/users")"
    tokens=$(ask_as_nobody --header "$json" --data "$user" "$url/auth/login")
    check 'reading oneself' '200' "$(ask_as_nobody \
        --oauth2-bearer "$(member access_token "$tokens")" --output /dev/null \
        --write-out '%{http_code}' "$url/users/me")"
    refresh="{\"refresh_token\": \"$(member refresh_token "$tokens")\"}"
    tokens=$(ask_as_nobody --header "$json" --data "$refresh" "$url/auth/refresh")
    check 'logging out' '204' "$(ask_as_nobody --request POST \
        --oauth2-bearer "$(member access_token "$tokens")" --output /dev/null \
        --write-out '%{http_code}' "$url/auth/logout")"
    check 'a token of a session that has ended' '401 Bearer error="invalid_token"*' \
        "$(ask_as_nobody --oauth2-bearer "$(member access_token "$tokens")" --output /dev/null \
            --write-out '%{http_code} %header{www-authenticate}' "$url/users/me")"
}

connections() {
    local all=$url/health/live
    check 'three requests over one connection' '200/1 200/0 200/0 ' \
        "$(statuses "$all" "$all" "$all" -o /dev/null -o /dev/null)"
    check '--http1.0' '200/1 200/1 ' "$(statuses --http1.0 "$all" "$all" -o /dev/null)"
    check '--http1.0 with keep-alive' '200/1 200/0 ' \
        "$(statuses --http1.0 --header 'Connection: keep-alive' "$all" "$all" -o /dev/null)"
    check 'Connection: close' '200/1 200/1 ' \
        "$(statuses --header 'Connection: close' "$all" "$all" -o /dev/null)"
    check 'fifty at a time' '200 200' "$(ask --parallel --parallel-max 50 --parallel-immediate \
        --no-progress-meter --output /dev/null --write-out '%{http_code}\n' "$all?[1-200]" |
        sort | uniq -c | sed 's/^ *//')"
    check 'a connection after an error' '404/1 200/0 ' \
        "$(statuses "$url/nowhere" "$all" -o /dev/null)"
    check '--head and then a request' '200/1 200/0 ' \
        "$(statuses --head "$url/users" "$all" -o /dev/null)"
    # The version that the server is free to use towards a client of HTTP/1.0, RFC 9110 §2.5.
    check 'the status line for HTTP/1.0' 'HTTP/1.1 200 *' "$(ask --http1.0 --include "$all")"
}

targets() {
    check 'a proxy'\''s absolute target' '200' "$(curl --silent --max-time 20 --proxy "$url" \
        --output /dev/null --write-out '%{http_code}' "$url/health/live")"
    check 'OPTIONS *' '204' "$(ask --request OPTIONS --request-target '*' --output /dev/null \
        --write-out '%{http_code}' "$url")"
    ask "$url/users?limit=2" >"$folder/body"
    check '--raw shows what is there without it' 'same' \
        "$(ask --raw "$url/users?limit=2" | cmp - "$folder/body" && printf same)"
    check '--range of what has no ranges' '{"status":"ok"}' \
        "$(ask --range 0-1 "$url/health/live")"
    check '--upload-file where nothing can be put' '405 *POST*' "$(new_user |
        ask --upload-file - --output /dev/null --write-out '%{http_code} %header{allow}' \
            "$url/users")"
}

# Prints `<` and `>` lines of a conversation without their values, to see what came before what.
uploads() {
    local before seconds
    check '--upload-file of unknown length' '*"display_name":"Ada"*' "$(new_user |
        ask --request POST --header "$json" --upload-file - "$url/users")"
    # curl sends the body without having been asked after the time that it waits for 100.
    before=$SECONDS
    check 'Expect: 100-continue' '*HTTP/1.1 100 Continue*HTTP/1.1 201 *' "$(ask --include \
        --expect100-timeout 15 --header 'Expect: 100-continue' --header "$json" \
        --data "$(new_user)" "$url/users")"
    seconds=$((SECONDS - before))
    check 'the seconds for it' '[0-4]' "$seconds"
    head --bytes=1048577 /dev/zero >"$folder/body"
    check 'a body that is too large, announced' 'HTTP/1.1 413 *"code":"body_too_large"*' \
        "$(ask --include --expect100-timeout 15 --header 'Expect: 100-continue' \
            --header "$json" --data-binary "@$folder/body" "$url/users")"
    check 'a body that is too large, sent at once' '413 application/problem+json' \
        "$(ask --header 'Expect:' --header "$json" --data-binary "@$folder/body" \
            --output /dev/null --write-out '%{http_code} %{content_type}' "$url/users")"
    head --bytes=33554432 /dev/zero >"$folder/body"
    check 'a body of 32 MiB, sent at once' '413*' \
        "$(ask --request POST --header 'Expect:' --header "$json" --upload-file "$folder/body" \
            --output /dev/null --write-out '%{http_code}' "$url/users")"
    check 'a body of 32 MiB in chunks' '413*' \
        "$(ask --request POST --header 'Expect:' --header "$json" --upload-file - \
            --output /dev/null --write-out '%{http_code}' "$url/users" <"$folder/body")"
    check 'a field that is too large' '431 application/problem+json' \
        "$(ask --header "X-Large: $(printf 'x%.0s' {1..20000})" \
            --output /dev/null --write-out '%{http_code} %{content_type}' "$url/users")"
    check 'a target that is too long' '414 application/problem+json' \
        "$(ask --output /dev/null --write-out '%{http_code} %{content_type}' \
            "$url/$(printf 'x%.0s' {1..20000})")"
}

conversation
logins
connections
targets
uploads
