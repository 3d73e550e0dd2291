# shellcheck shell=bash
# Debian packages: which are missing, and installing them without starting or creating anything.
# Sourced by dev.
: "${root:?}"

# Prints the missing packages of the groups named, one a line. One dpkg-query: quick when all is there.
packages_missing() {
    local group package _ wanted=() installed
    while read -r group package _; do
        [[ -z $group || $group == '#'* || " $* " != *" $group "* ]] && continue
        if [[ $package == */* ]] && command -v "${package#*/}" >/dev/null; then continue; fi
        wanted+=("${package%%/*}")
    done <"$root/deploy/local/packages"
    installed=$(dpkg-query -W -f '${db:Status-Abbrev} ${Package}\n' "${wanted[@]}" 2>/dev/null |
        sed -n 's/^ii  *//p') || true
    comm -23 <(printf '%s\n' "${wanted[@]}" | sort -u) <(sort -u <<<"$installed")
}

# Installs what is missing of the groups named.
packages_install() {
    local missing
    mapfile -t missing < <(packages_missing "$@")
    ((${#missing[@]})) || return 0
    step "Installing ${#missing[@]} Debian packages" apt-install _packages_apt "${missing[@]}"
}

_packages_apt() {
    local apt=(apt-get -o DPkg::Lock::Timeout=600 -q -y --no-install-recommends)
    local before now unit status=0
    local -x DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8

    echo "missing: $*"
    "${apt[@]}" update
    before=$(_packages_installed)
    _packages_hold_services
    trap _packages_release_services EXIT

    # A new PostgreSQL package would create and start a cluster of the machine's own: not ours to make.
    if [[ " $* " == *" postgresql "* ]]; then
        "${apt[@]}" install postgresql-common || return
        pg_conftool /etc/postgresql-common/createcluster.conf set create_main_cluster off
        "${apt[@]}" install "$@" || status=$?
        pg_conftool /etc/postgresql-common/createcluster.conf remove create_main_cluster
    else
        "${apt[@]}" install "$@" || status=$?
    fi

    # Services that came with our packages must not start at the next boot either; those the machine
    # had before stay as they were. Debian's own helper works without a running systemd, too.
    now=$(_packages_installed)
    for unit in postgresql:postgresql rabbitmq-server:rabbitmq-server caddy:caddy supervisor:supervisor \
        erlang-base:epmd prometheus:prometheus docker.io:docker containerd:containerd; do
        if grep -qxF "${unit%%:*}" <<<"$now" && ! grep -qxF "${unit%%:*}" <<<"$before"; then
            deb-systemd-helper disable "${unit#*:}.service" || echo "${unit#*:} stays enabled; ours do not use it"
            case $unit in *:epmd | *:docker) deb-systemd-helper disable "${unit#*:}.socket" || true ;; esac
        fi
    done
    return "$status"
}

_packages_installed() {
    dpkg-query -W -f '${db:Status-Abbrev} ${Package}\n' | sed -n 's/^ii  *//p'
}

# Debian starts a service as soon as its package is installed, unless policy-rc.d forbids it. A policy
# that exists is the administrator's and stays.
_packages_hold_services() {
    policy_written=
    [[ -e /usr/sbin/policy-rc.d ]] && return
    policy_written=/usr/sbin/policy-rc.d
    cat >"$policy_written" <<'POLICY'
#!/bin/sh
# Written for the length of one package installation by Libra Deploy's ./dev; safe to delete.
case "$1" in postgresql*|rabbitmq-server|epmd*|caddy|supervisor|docker|containerd) exit 101 ;; esac
exit 0
POLICY
    chmod 755 "$policy_written"
}

_packages_release_services() {
    [[ -z $policy_written ]] || rm -f "$policy_written"
    policy_written=
}
