# shellcheck shell=bash
# ./dev backup and ./dev restore: deploy/backup/backup.sh on the stack of this checkout. Sourced by dev.
: "${root:?}" "${state:?}"

_backup() {
    POSTGRES_URL=$(postgres_url) OBJECTS_ROOT=$state/objects SITES_ROOT=$state/sites \
        "$root/deploy/backup/backup.sh" "$@"
}

command_backup() {
    (($# == 1)) || fail "./dev backup takes the folder that it makes."
    _need_stack
    _backup backup "$1"
}

_data_users=(gateway worker-1 worker-2 caddy site-rules)

# What is there is set aside and not removed: somebody who restores has had one accident already.
command_restore() {
    (($# == 1)) || fail "./dev restore takes the folder of a backup."
    [[ -s $1/sums ]] || fail "$1 is no complete backup: it has no file sums."
    (cd "$1" && sha256sum --quiet --check sums) || fail "$1 is damaged."
    _need_stack
    _lock
    _aside=before-restore-$(date -u +%Y%m%dT%H%M%SZ)
    trap _put_back EXIT
    step "Stopping what writes" stop-writing _stack_ctl stop gateway worker-1 worker-2
    step "A new virtual host" vhost _empty_vhost
    step "Stopping what serves" stop-serving _stack_ctl stop caddy site-rules
    mkdir "$state/$_aside"
    mv "$state/objects" "$state/sites" "$state/$_aside/"
    postgres_admin "alter database libra rename to \"$_aside\""
    state_prepare
    step "A new database" database database_prepare
    step "Restoring" restore _backup restore "$1"
    trap - EXIT
    _start_data_users
    say "  Restored. What was there is $state/$_aside and the database $_aside."
}

_put_back() {
    local what
    note "Putting back what was there."
    for what in objects sites; do
        [[ -e $state/$_aside/$what ]] || continue
        rm -rf "${state:?}/$what"
        mv "$state/$_aside/$what" "$state/"
    done
    if [[ -n $(postgres_admin "select 1 from pg_database where datname = '$_aside'") ]]; then
        postgres_admin "drop database if exists libra with (force)"
        postgres_admin "alter database \"$_aside\" rename to libra"
    fi
    rm -rf "${state:?}/$_aside"
    _start_data_users
    note "Nothing is restored. All is as it was."
}

_start_data_users() {
    step "Starting services" start _stack_ctl start "${_data_users[@]}"
    step "Gateway" wait-gateway _wait_for gateway 120 gateway_ready
    step "Static host" wait-caddy _wait_for caddy 60 caddy_ready
}

_empty_vhost() {
    local rabbitmqctl=("$root/deploy/local/service.sh" rabbitmqctl --quiet)
    export LIBRA_STATE=$state
    "${rabbitmqctl[@]}" delete_vhost /
    "${rabbitmqctl[@]}" add_vhost /
    "${rabbitmqctl[@]}" set_permissions --vhost / libra '.*' '.*' '.*'
}
