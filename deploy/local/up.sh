# shellcheck shell=bash
# The commands of ./dev about the running stack. Sourced by dev.
: "${root:?}" "${state:?}"

programs=(epmd postgres rabbitmq site-rules caddy gateway worker-1 worker-2)
# The build that runs: of CMakePresets.json.
preset=${LIBRA_PRESET:-release}

# One command at a time may change the stack.
_lock() {
    mkdir -p "$state"
    exec 9>"$state/lock"
    flock --nonblock 9 || fail "Another ./dev command is changing this stack." "Wait until it is done."
}

command_up() {
    local begun=$SECONDS
    packages_install build run
    _lock
    state_prepare

    local own=()
    if stack_running; then
        mapfile -t own < <(cut -d= -f2 "$state/ports")
    else
        stack_sweep
    fi
    ports_load
    ports_settle "${own[@]}"
    build "$preset" "Building ($preset preset)" libra libra-gateway libra-site-rules libra-worker
    step "Settings" check-settings check_settings
    stack_configure "${programs[@]}"
    step "Starting services" start stack_apply
    step "PostgreSQL" wait-postgres _wait_for postgres 120 postgres_ready
    step "Database" database database_prepare
    step "RabbitMQ" wait-rabbitmq _wait_for rabbitmq 180 rabbitmq_ready
    step "Gateway" wait-gateway _wait_for gateway 120 gateway_ready
    step "Workers" wait-workers _wait_for worker-1 120 workers_ready
    step "Static host" wait-caddy _wait_for caddy 60 caddy_ready
    step "Demo organisation and project" seed demo_seed
    say
    demo_deploy --unless-live
    say
    printf '  %-10s %s\n' Site "$(highlight "$(site_url)")" API "http://localhost:$LIBRA_PORT" \
        Reference "http://localhost:$LIBRA_PORT/docs" Shell "eval \"\$($(_dev) env)\"" \
        Deploy "libra deploy FOLDER --create NAME"
    printf '\n  up after %s s; stop with %s down\n' "$((SECONDS - begun))" "$(_dev)"
}

# ./dev as the person would have to type it.
_dev() {
    if [[ $PWD == "$root" ]]; then printf './dev'; else printf '%q' "$root/dev"; fi
}

# What is wrong with .libra/settings, before anything is started with it.
check_settings() {
    local program
    for program in gateway worker-1; do
        LIBRA_STATE=$state "$root/deploy/local/service.sh" "$program" check-settings || {
            echo "Mend it in $state/settings (README.md, \"Configuration\")."
            return 1
        }
    done
}

_wait_for() {
    until_true "$2" "$3" && return
    echo "$1 is not ready after $2 seconds. The end of its log, $state/logs/$1.log:"
    tail -n 20 "$state/logs/$1.log"
    stack_status
    return 1
}

gateway_ready() { curl -fsS -m 3 -o /dev/null "http://127.0.0.1:$LIBRA_PORT/readyz" 2>/dev/null; }
caddy_ready() { [[ $(curl -sS -m 3 -o /dev/null -w '%{http_code}' "http://127.0.0.1:$LIBRA_SITES_PORT/" 2>/dev/null) == 404 ]]; }
workers_ready() { [[ $(stack_status | grep -c '^worker-.* RUNNING') == 2 ]]; }
site_url() { printf 'http://demo.localhost:%s/' "$LIBRA_SITES_PORT"; }

# Makes the demo organisation, its project, and credentials for them. The database gets digests only.
demo_seed() {
    PGPASSWORD=$(secret database-password) psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 \
        --host=127.0.0.1 --port="$LIBRA_POSTGRES_PORT" --username=libra --dbname=libra \
        --set=token_digest="$(secret demo-token | sha256sum | head -c 64)" \
        --set=session_digest="$(secret demo-session | sha256sum | head -c 64)" \
        --file="$root/deploy/local/demo.sql"
}

demo_deploy() {
    # Any page will do: it may be one that somebody deployed instead of the sample.
    if [[ ${1:-} == --unless-live ]] && site_answers; then
        say "  The demo project is live already."
        return
    fi
    say "$(highlight "\$ libra deploy examples/react-vite")"
    if ! LIBRA_URL=http://127.0.0.1:$LIBRA_PORT LIBRA_TOKEN=$(secret demo-token) LIBRA_ORG=demo-org \
        as_invoker "$root/build/$preset/cli/libra" deploy --project demo --timeout 900 \
        "$root/examples/react-vite" || ! site_answers; then
        fail "The sample site is not live." "What the worker said is in $state/logs/worker-1.log and worker-2.log." \
            "./dev doctor looks for the usual causes; ./dev demo tries again."
    fi
}

# *.localhost has no address for every resolver.
site_answers() {
    curl -fsS -m 10 -o /dev/null -H 'Host: demo.localhost' "http://127.0.0.1:$LIBRA_SITES_PORT/" 2>/dev/null
}

command_demo() {
    _need_stack
    demo_deploy
}

command_env() {
    [[ -s $state/ports ]] || fail "Nothing has been set up here yet." "Run $(_dev) up first."
    ports_load
    stack_running || say "Nothing runs here; start it with $(_dev) up." >&2
    printf 'export %s=%q\n' LIBRA_URL "http://localhost:$LIBRA_PORT" \
        LIBRA_TOKEN "$(secret demo-token)" LIBRA_ORG demo-org LIBRA_PROJECT demo \
        LIBRA_USER demo-user POSTGRES_URL "$(postgres_url)" RABBITMQ_URL "$(rabbitmq_url)" \
        SITES_URL "http://localhost:$LIBRA_SITES_PORT"
    # shellcheck disable=SC2016  # expanded by the shell that reads it
    printf 'export PATH=%q:"$PATH"\n' "$root/build/$preset/cli"
}

_need_stack() {
    if [[ ! -s $state/ports ]] || ! stack_running; then
        fail "Nothing runs here." "Start it with $(_dev) up."
    fi
    ports_load
}

command_status() {
    if [[ ! -s $state/ports ]] || ! stack_running; then
        say "Nothing runs here. Start it with $(_dev) up."
        return 1
    fi
    ports_load
    stack_status
    say
    printf '%-10s %s\n' API "http://localhost:$LIBRA_PORT" Site "$(site_url)" \
        PostgreSQL "127.0.0.1:$LIBRA_POSTGRES_PORT" RabbitMQ "127.0.0.1:$LIBRA_RABBITMQ_PORT" Data "$state"
    ! stack_status | grep -qv ' RUNNING '
}

# The tools of database, broker and gateway, on this stack's own.
command_sql() {
    _need_stack
    PGPASSWORD=$(secret database-password) exec psql --no-psqlrc --host=127.0.0.1 \
        --port="$LIBRA_POSTGRES_PORT" --username=libra --dbname=libra "$@"
}

command_rabbitmqctl() {
    _need_stack
    LIBRA_STATE=$state exec "$root/deploy/local/service.sh" rabbitmqctl "$@"
}

command_gateway() {
    (($#)) || fail "./dev gateway takes a command of libra-gateway." "Which there are says $(_dev) gateway --help."
    _need_stack
    LIBRA_STATE=$state exec "$root/deploy/local/service.sh" gateway "$@"
}

_check_program() {
    [[ " ${programs[*]} " == *" $1 "* ]] || fail "There is no service \"$1\"." "Services: ${programs[*]}"
}

command_logs() {
    local files=()
    if (($#)); then
        _check_program "$1"
        files=("$state/logs/$1.log")
    else
        local program
        for program in "${programs[@]}"; do files+=("$state/logs/$program.log"); done
    fi
    [[ -e ${files[0]} ]] || fail "There are no logs yet." "Start the services with $(_dev) up."
    # Followed only where somebody watches.
    if [[ -t 1 ]]; then exec tail -n 50 -F "${files[@]}"; fi
    tail -n 200 "${files[@]}"
}

command_restart() {
    (($#)) && _check_program "$1"
    _need_stack
    _lock
    stack_restart "${1:-all}"
}

command_down() {
    [[ ${1:-} == '' || $1 == --purge ]] || fail "./dev down takes --purge or nothing."
    [[ -d $state ]] || { say "Nothing runs here, and there is no data."; return; }
    _lock
    step "Stopping services" stop stack_stop
    step "Looking for leftovers" sweep stack_sweep
    [[ ${1:-} == --purge ]] || return 0
    rm -rf --one-file-system "$state"
    say "  Deleted $state."
}
