#!/bin/bash
# The throw-away PostgreSQL and RabbitMQ of the tests, on free ports, in .libra/test:
#     services.sh start | stop | restart NAME | kill NAME | rabbitmqctl ARGUMENT...
# `start` and `stop` are the two ends of ctest's `services` fixture; the rest is for tests that take
# a service away. The addresses are in .libra/test/env, as shell assignments.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
state=${LIBRA_TEST_STATE:-$root/.libra/test}
# shellcheck source=deploy/local/terminal.sh
. "$root/deploy/local/terminal.sh"
# shellcheck source=deploy/local/ports.sh
. "$root/deploy/local/ports.sh"
# shellcheck source=deploy/local/state.sh
. "$root/deploy/local/state.sh"
# shellcheck source=deploy/local/stack.sh
. "$root/deploy/local/stack.sh"
# shellcheck source=tests/support/leftovers.sh
. "$root/tests/support/leftovers.sh"

# Nothing of a `./dev up` in the same shell may decide for the tests.
unset "${public_ports[@]}" "${internal_ports[@]}"
export LIBRA_THROWAWAY=${LIBRA_THROWAWAY:-1}

# Two test runs at once need a folder each. The parent of this script is ctest.
refuse_others() {
    local other
    other=$(cat "$state/run/owner" 2>/dev/null) || true
    if [[ -n $other && $other != "$PPID" && $(cat "/proc/$other/comm" 2>/dev/null) == ctest ]]; then
        fail "Another test run (process $other) uses $state." \
            "Wait for its end, or give this one a folder of its own: LIBRA_TEST_STATE=/some/folder"
    fi
}

start() {
    refuse_others
    # A run that was killed may have left its services and files behind.
    if [[ -f $state/ports ]]; then
        ports_load
        stack_stop
    fi
    if [[ -f $state/env ]]; then
        # shellcheck source=/dev/null
        rm -rf --one-file-system "$(. "$state/env" && leftovers_temporary "$LIBRA_TEST_RUN")" || true
    fi
    rm -rf "$state"
    state_prepare
    echo "$PPID" >"$state/run/owner"

    local names=("${public_ports[@]}" "${internal_ports[@]}") numbers i
    mapfile -t numbers < <(/usr/bin/python3 -B "$root/tests/support/free_ports.py" "${#names[@]}")
    for i in "${!names[@]}"; do export "${names[i]}=${numbers[i]}"; done
    ports_settle ''

    local -x LIBRA_TEST_RUN
    LIBRA_TEST_RUN=$(head -c 4 /dev/urandom | od -An -tx1 | tr -d ' \n')
    stack_configure epmd postgres rabbitmq
    trap 'stack_stop; exit 130' INT TERM
    stack_apply
    until_true 120 postgres_ready || give_up postgres
    database_prepare
    until_true 180 rabbitmq_ready || give_up rabbitmq
    # The users of sandboxes pass through.
    install -d -m 711 "$(leftovers_temporary "$LIBRA_TEST_RUN")"
    {
        printf 'export LIBRA_TEST_RUN=%q\n' "$LIBRA_TEST_RUN"
        printf 'export LIBRA_TEST_STATE=%q\n' "$state"
        printf 'export LIBRA_TEST_TEMPORARY=%q\n' "$(leftovers_temporary "$LIBRA_TEST_RUN")"
        printf 'export LIBRA_TEST_POSTGRES_URL=postgresql://postgres:%s@127.0.0.1:%s/postgres\n' \
            "$(secret postgres-password)" "$LIBRA_POSTGRES_PORT"
        printf 'export LIBRA_TEST_RABBITMQ_URL=%q\n' "$(rabbitmq_url)"
    } >"$state/env"
    chmod 600 "$state/env"
}

give_up() {
    tail -n 30 "$state/logs/$1.log" >&2
    stack_stop
    fail "The tests' $1 did not start." "Its log is $state/logs/$1.log."
}

# Stops everything, then fails when anything of the tests is still there.
stop() {
    refuse_others
    [[ -f $state/env ]] || fail "The tests' services are not running."
    # shellcheck source=/dev/null
    . "$state/env"
    ports_load
    stack_stop
    local run=("$LIBRA_TEST_RUN" "$state" "$(<"$state/run/owner")")
    # A process that was just killed, or a kernel cleaning up after it, may need a moment.
    until_true 5 leftovers_none "${run[@]}" || leftovers_report "${run[@]}" ||
        fail "The tests left something behind (see above)." "Logs are kept in $state."
    rm -rf --one-file-system "$LIBRA_TEST_TEMPORARY"
    # Logs stay for whoever looks into a failure; data does not.
    rm -rf "$state/postgres" "$state/rabbitmq" "$state/env" "$state/secrets" "$state/ports" \
        "$state/objects" "$state/work" "$state/sites"
}

service_ready() {
    case $1 in
    postgres) postgres_ready ;;
    rabbitmq) rabbitmq_ready ;;
    *) fail "There is no service \"$1\" here: postgres, rabbitmq." ;;
    esac
}

command=${1:-}
(($#)) && shift
case $command in
start | stop) "$command" ;;
restart | kill)
    ports_load
    if [[ $command == restart ]]; then
        stack_restart "$1"
    else
        # The supervisor starts it again.
        kill -KILL "$(_stack_ctl pid "$1")"
    fi
    until_true 180 service_ready "$1" || fail "$1 did not come back." "Its log is $state/logs/$1.log."
    ;;
rabbitmqctl)
    ports_load
    LIBRA_STATE=$state exec "$root/deploy/local/service.sh" rabbitmqctl "$@"
    ;;
*)
    echo "usage: services.sh start | stop | restart NAME | kill NAME | rabbitmqctl ARGUMENT..." >&2
    exit 2
    ;;
esac
