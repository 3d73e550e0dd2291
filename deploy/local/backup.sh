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

# What is there is set aside and not removed: somebody who restores has had one accident already.
command_restore() {
    (($# == 1)) || fail "./dev restore takes the folder of a backup."
    [[ -s $1/sums ]] || fail "$1 is no complete backup: it has no file sums."
    (cd "$1" && sha256sum --quiet --check sums) || fail "$1 is damaged."
    _need_stack
    _lock
    local aside programs=(gateway worker-1 worker-2 caddy site-rules)
    aside=before-restore-$(date -u +%Y%m%dT%H%M%SZ)
    step "Stopping what uses the data" stop _stack_ctl stop "${programs[@]}"
    mkdir "$state/$aside"
    mv "$state/objects" "$state/sites" "$state/$aside/"
    postgres_admin "alter database libra rename to \"$aside\""
    state_prepare
    step "A new database" database database_prepare
    step "A new virtual host" vhost _empty_vhost
    step "Restoring" restore _backup restore "$1"
    step "Starting services" start _stack_ctl start "${programs[@]}"
    step "Gateway" wait-gateway _wait_for gateway 120 gateway_ready
    step "Static host" wait-caddy _wait_for caddy 60 caddy_ready
    say "  Restored. What was there is $state/$aside and the database $aside."
}

_empty_vhost() {
    local rabbitmqctl=("$root/deploy/local/service.sh" rabbitmqctl --quiet)
    export LIBRA_STATE=$state
    "${rabbitmqctl[@]}" delete_vhost /
    "${rabbitmqctl[@]}" add_vhost /
    "${rabbitmqctl[@]}" set_permissions --vhost / libra '.*' '.*' '.*'
}
