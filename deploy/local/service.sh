#!/bin/bash
# Runs one program of a stack in the foreground, in place of this shell:
#     service.sh epmd | postgres | rabbitmq | caddy | site-rules | gateway | worker-N | rabbitmqctl ARGUMENT...
# Called by supervisord (see stack.sh), by tests, and by people who want one program in a debugger.
# Needs root; reads LIBRA_STATE (the data folder) and the LIBRA_*_PORT variables.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
state=${LIBRA_STATE:?the data folder of the stack}
# shellcheck source=deploy/local/state.sh
. "$here/state.sh"

# as USER FROM TO [FROM TO]... -- COMMAND...: becomes the command, as that user, in a mount namespace of
# its own in which the folder FROM of the checkout is also found at TO.
#
# Why: PostgreSQL refuses to run as root, and builds run as users of their own; but no other user can
# reach a checkout below a home of mode 700 (/root, usually), and all data has to stay in the checkout.
# Opening the home with chmod or an access list would outlive us; a bind mount that only this process
# sees ends with it. Hiding the machine's own /var/lib/postgresql and /var/lib/rabbitmq also makes it
# impossible to touch what is there, and gives RabbitMQ's scripts paths without spaces.
as() {
    local user=$1 mounts=()
    shift
    while [[ $1 != -- ]]; do
        mounts+=("$1" "$2")
        shift 2
    done
    shift
    # shellcheck disable=SC2016  # expanded by the inner shell
    exec unshare --mount --propagation private -- /bin/bash -euc '
        user=$1 count=$2
        shift 2
        for ((; count > 0; count -= 2)); do mount --bind "$1" "$2"; last=$2; shift 2; done
        cd "$last"
        [[ $user == root ]] || set -- setpriv --reuid="$user" --regid="$user" --init-groups \
            --no-new-privs --bounding-set=-all --inh-caps=-all -- "$@"
        exec "$@"' \
        as "$user" "${#mounts[@]}" "${mounts[@]}" "$@"
}

run_postgres() {
    local bin data=$state/postgres/data options=()
    bin=$(printf '%s\n' /usr/lib/postgresql/*/bin | sort -V | tail -n 1)
    if [[ -s $data/PG_VERSION ]]; then bin=/usr/lib/postgresql/$(<"$data/PG_VERSION")/bin; fi
    [[ -x $bin/postgres ]] || { echo "no PostgreSQL server in $bin; ./dev up installs it" >&2; exit 1; }

    if [[ ! -s $data/PG_VERSION ]]; then
        rm -rf "$state/postgres"
        install -d -m 700 -o postgres -g postgres "$state/postgres"
        secret postgres-password | install -m 600 -o postgres -g postgres /dev/stdin "$state/postgres/password"
        # Under another name first: a half-made cluster must not be taken for a whole one.
        (as postgres "$state/postgres" /var/lib/postgresql -- env -i PATH="$PATH" LIBRA_STATE="$state" \
            "$bin/initdb" --pgdata=/var/lib/postgresql/new --username=postgres --auth=scram-sha-256 \
            --pwfile=/var/lib/postgresql/password --encoding=UTF8 --locale=C.UTF-8 \
            ${LIBRA_THROWAWAY:+--no-sync})
        rm "$state/postgres/password"
        mv "$state/postgres/new" "$data"
    fi
    # Tests throw the data away: it need not survive a power cut. Crash safety stays. A measurement
    # does count what a write to the disk costs.
    if [[ ${LIBRA_THROWAWAY:-durable} != durable ]]; then options=(-c fsync=off -c full_page_writes=off); fi
    as postgres "$state/postgres" /var/lib/postgresql -- env -i PATH="$PATH" LIBRA_STATE="$state" LC_ALL=C.UTF-8 \
        "$bin/postgres" -D /var/lib/postgresql/data -p "$LIBRA_POSTGRES_PORT" \
        -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=200 \
        -c timezone=UTC -c log_timezone=UTC "${options[@]}"
}

# The environment of the broker and of its command-line tools. A node name of its own, on its own
# epmd, keeps two checkouts and the machine's own broker apart.
rabbitmq_environment() {
    local node
    node=libra-$(state_hash)@localhost
    unset "${!RABBITMQ_@}" "${!ERL_@}"
    export HOME=/var/lib/rabbitmq LC_ALL=C.UTF-8 \
        ERL_EPMD_PORT="$LIBRA_EPMD_PORT" ERL_EPMD_ADDRESS=127.0.0.1 \
        RABBITMQ_NODENAME="$node" RABBITMQ_CONF_ENV_FILE=/var/lib/rabbitmq/none \
        RABBITMQ_CONFIG_FILE=/var/lib/rabbitmq/rabbitmq.conf \
        RABBITMQ_ENABLED_PLUGINS_FILE=/var/lib/rabbitmq/enabled_plugins \
        RABBITMQ_MNESIA_BASE=/var/lib/rabbitmq/mnesia RABBITMQ_LOG_BASE=/var/lib/rabbitmq/log \
        RABBITMQ_LOGS=- RABBITMQ_DIST_PORT="$LIBRA_RABBITMQ_DIST_PORT" \
        RABBITMQ_NODE_IP_ADDRESS=127.0.0.1 RABBITMQ_NODE_PORT="$LIBRA_RABBITMQ_PORT" \
        RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS='-kernel inet_dist_use_interface {127,0,0,1} -start_epmd false'
}

run_rabbitmq() {
    install -d -m 700 -o rabbitmq -g rabbitmq "$state/rabbitmq" "$state/rabbitmq/mnesia" "$state/rabbitmq/log"
    {
        cat "$root/deploy/rabbitmq/rabbitmq.conf"
        printf 'prometheus.tcp.ip = 127.0.0.1\nprometheus.tcp.port = %s\n' "$LIBRA_RABBITMQ_METRICS_PORT"
    } | install -m 600 -o rabbitmq -g rabbitmq /dev/stdin "$state/rabbitmq/rabbitmq.conf"
    printf '[rabbitmq_prometheus].\n' | install -m 600 -o rabbitmq -g rabbitmq /dev/stdin "$state/rabbitmq/enabled_plugins"
    secret erlang-cookie | install -m 400 -o rabbitmq -g rabbitmq /dev/stdin "$state/rabbitmq/.erlang.cookie"
    rabbitmq_environment
    # RUNNING_UNDER_SYSTEMD makes the start script become the broker instead of guarding it from a
    # shell, so that supervisord's signals reach the broker itself. The password goes through the
    # environment because the configuration file cannot name a file to read it from.
    RABBITMQ_DEFAULT_PASS=$(secret rabbitmq-password)
    export RUNNING_UNDER_SYSTEMD=true RABBITMQ_DEFAULT_USER=libra RABBITMQ_DEFAULT_PASS
    as rabbitmq "$state/rabbitmq" /var/lib/rabbitmq -- /usr/lib/rabbitmq/bin/rabbitmq-server
}

run_rabbitmqctl() {
    rabbitmq_environment
    as rabbitmq "$state/rabbitmq" /var/lib/rabbitmq -- /usr/lib/rabbitmq/bin/rabbitmqctl "$@"
}

run_epmd() {
    install -d -m 755 "$state/run"
    cd "$state/run"
    # The nobody user: it needs no file at all.
    exec setpriv --reuid=nobody --regid=nogroup --clear-groups --no-new-privs --bounding-set=-all \
        --inh-caps=-all -- env -i PATH="$PATH" LIBRA_STATE="$state" ERL_EPMD_PORT="$LIBRA_EPMD_PORT" \
        ERL_EPMD_ADDRESS=127.0.0.1 epmd -relaxed_command_check
}

run_caddy() {
    install -d -m 700 -o caddy -g caddy "$state/caddy"
    install -d -m 755 "$state/sites"
    as caddy "$state/caddy" /var/lib/caddy "$state/sites" /srv "$root/deploy/caddy" /etc/caddy -- env -i PATH="$PATH" LIBRA_STATE="$state" \
        HOME=/var/lib/caddy SITES_ROOT=/srv SITES_PORT="$LIBRA_SITES_PORT" \
        SITES_BIND="${LIBRA_SITES_BIND:-127.0.0.1}" SITE_RULES="127.0.0.1:$LIBRA_SITE_RULES_PORT" caddy run --config /etc/caddy/Caddyfile --adapter caddyfile
}

run_site_rules() {
    install -d -m 755 "$state/sites"
    as caddy "$state/sites" /srv "$build/site-rules" /mnt -- env -i PATH="$PATH" LIBRA_STATE="$state" \
        SITES_ROOT=/srv SITE_RULES_PORT="$LIBRA_SITE_RULES_PORT" /mnt/libra-site-rules
}

# What both of our services are told (SPEC.md §5), and what the settings of this stack add: lines of the
# form NAME=VALUE, read by this shell.
service_environment() {
    local settings=$state/settings
    if [[ -e $settings ]]; then
        set -a
        # shellcheck source=/dev/null
        . "$settings"
        set +a
    fi
    export ENVIRONMENT=development SITES_DOMAIN=localhost
    POSTGRES_URL=$(postgres_url) RABBITMQ_URL=$(rabbitmq_url)
    SECRETS_KEY=$(secret_base64 secrets-key) WEBHOOK_SECRET=$(secret_base64 webhook-secret)
    export POSTGRES_URL RABBITMQ_URL SECRETS_KEY WEBHOOK_SECRET
    export PORT=$LIBRA_PORT OBJECT_STORE_URL=file://$state/objects
    export SITES_ROOT=$state/sites SITES_PORT=$LIBRA_SITES_PORT
    export SITES_PROBE_URL=http://127.0.0.1:$LIBRA_SITES_PORT
}

build=${LIBRA_BUILD_DIR:-$root/build/${LIBRA_PRESET:-release}}
case ${1:-} in
epmd | postgres | rabbitmq | caddy) "run_$1" ;;
site-rules) run_site_rules ;;
rabbitmqctl)
    shift
    run_rabbitmqctl "$@"
    ;;
gateway)
    service_environment
    exec "$build/api-gateway/libra-gateway" "${@:2}"
    ;;
worker-*)
    service_environment
    # The names of sandboxes come from the worker's id and this path: it differs between checkouts.
    WORK_ROOT=/srv/$(state_hash)
    export WORK_ROOT WORKER_ID=$1 WORKER_HTTP_PORT=${LIBRA_WORKER_PORT:-0}
    install -d -m 711 "$state/work" "$state/work/${WORK_ROOT##*/}"
    as root "$state/work" /srv -- "$build/deploy-worker/libra-worker" "${@:2}"
    ;;
*)
    echo "usage: service.sh epmd | postgres | rabbitmq | caddy | site-rules | gateway | worker-N | rabbitmqctl" >&2
    exit 2
    ;;
esac
