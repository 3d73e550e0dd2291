# shellcheck shell=bash
# ./dev doctor: looks at everything a stack needs, says what is wrong and what to do. Sourced by dev.
: "${root:?}" "${state:?}" "${green?}" "${red?}" "${plain?}" "${public_ports[0]:?}"

problems=0
_good() { printf '  %sok%s       %s\n' "$green" "$plain" "$1"; }
_bad() {
    printf '  %sproblem%s  %s\n' "$red" "$plain" "$1"
    shift
    (($#)) && printf '           %s\n' "$@"
    problems=$((problems + 1))
}

command_doctor() {
    ports_load
    _doctor_machine
    _doctor_sandbox
    _doctor_ports
    if [[ -s $state/ports ]] && stack_running; then
        _doctor_services
    elif ! _stack_no_orphans; then
        _bad "Processes of a crashed stack are still there: $(_stack_orphans | tr '\n' ' ')" \
            "$(_dev) up (or down) clears them."
    else
        _good "nothing runs here at present; $(_dev) up starts it"
    fi
    say
    ((problems == 0)) || { say "$problems problem(s) found."; return 1; }
    say "Nothing wrong found."
}

_doctor_machine() {
    local missing free memory registry answer
    if grep -q '^VERSION_CODENAME=bookworm' /etc/os-release 2>/dev/null; then
        _good "Debian 12"
    else
        _bad "This is not Debian 12." "Packages of other releases are not tried; a Debian 12 container or virtual machine works."
    fi

    mapfile -t missing < <(packages_missing build run)
    if ((${#missing[@]})); then
        _bad "Debian packages are missing: ${missing[*]}" "$(_dev) up installs them."
    else
        _good "all Debian packages are there"
    fi

    free=$(df --output=avail --block-size=1M "$root" | tail -n 1)
    if ((free < 3000)); then
        _bad "Only $free MB of disk are free at $root; a build needs up to 4 GB." \
            "Free some, or remove old data: $(_dev) down --purge, ccache --clear, apt-get clean."
    else
        _good "$((free / 1024)) GB of disk are free"
    fi
    if (($(df --output=iavail "$root" | tail -n 1) < 100000)); then
        _bad "The file system of $root is short of inodes." "Remove folders with many small files, such as old node_modules."
    fi
    memory=$(awk '/^MemAvailable/ { print int($2 / 1024) }' /proc/meminfo)
    if ((memory < 1500)); then
        _bad "Only $memory MB of memory are available." "Close other programs: a build may take up to 2 GB."
    else
        _good "$memory MB of memory are available"
    fi

    if command -v npm >/dev/null; then
        registry=$(npm config get registry 2>/dev/null)
        if answer=$(curl -sS -m 10 -o /dev/null "$registry" 2>&1); then
            _good "the npm registry answers ($registry)"
        else
            _bad "The npm registry $registry does not answer; builds cannot install packages." "$answer" \
                "Check the network, or choose another with: npm config set registry URL"
        fi
    fi
}

# What the local sandbox needs of the kernel. Each is tried, not looked up.
_doctor_sandbox() {
    local failed=0
    _try() {
        local what=$1 todo=$2
        shift 2
        "$@" >/dev/null 2>&1 && return
        failed=1
        _bad "$what" "$todo"
    }
    _try "User namespaces cannot be made." "Set sysctl user.max_user_namespaces above 0; in a container, allow them." \
        unshare --user --map-root-user true
    _try "Mount namespaces cannot be made." "This machine (a container without SYS_ADMIN?) cannot isolate builds." \
        unshare --mount --propagation private true
    _try "Network namespaces cannot be made." "This machine (a container without NET_ADMIN?) cannot isolate builds." \
        unshare --net true
    _try "nftables do not work in a network namespace." "Load the kernel module: modprobe nf_tables" \
        unshare --net nft add table inet libra_doctor
    _try "There is no /dev/net/tun, which slirp4netns needs." "Load the kernel module: modprobe tun" \
        test -c /dev/net/tun
    _try "There are no loop devices, which limit a build's disk." "Load the kernel module: modprobe loop" \
        test -c /dev/loop-control
    _try "The kernel has no overlay file system." "Load the kernel module: modprobe overlay" \
        _kernel_has_overlay
    _try "crun does not run." "Reinstall it: apt-get install --reinstall crun" crun --version
    ((failed)) || _good "the kernel has what sandboxes need"
}

_kernel_has_overlay() {
    grep -qw overlay /proc/filesystems || modprobe overlay
}

_doctor_ports() {
    local name port holder supervisor='' running=0
    if [[ -s $state/ports ]] && stack_running; then
        running=1
        supervisor=$(<"$state/run/supervisord.pid")
    fi
    for name in "${public_ports[@]}"; do
        port=${!name}
        holder=$(port_listener "$port")
        if [[ -z $holder ]]; then
            if ((running)); then _bad "Nobody listens on port $port ($name)."; else _good "port $port is free ($name)"; fi
        elif ((running)) && _below "$supervisor" "$holder"; then
            _good "port $port is ours ($name)"
        else
            _bad "Port $port is taken by $(port_holder "$port")." \
                "Stop that program, or choose another port: $name=$((port + 1)) $(_dev) up"
        fi
    done
}

# True if the process in a line of ss is a child of the supervisor.
_below() {
    [[ $2 =~ pid=([0-9]+) ]] && [[ $(awk '/^PPid:/ { print $2 }' "/proc/${BASH_REMATCH[1]}/status") == "$1" ]]
}

_doctor_services() {
    local name status rest health
    while read -r name status rest; do
        if [[ $status == RUNNING ]]; then continue; fi
        _bad "The service $name is ${status,,}: $rest" "Its log: $(_dev) logs $name ($state/logs/$name.log)" \
            "Start it again: $(_dev) restart $name"
        tail -n 5 "$state/logs/$name.log" 2>/dev/null | sed 's/^/             /'
    done < <(stack_status)

    if postgres_ready; then _good "PostgreSQL answers on port $LIBRA_POSTGRES_PORT"; else
        _bad "PostgreSQL does not answer on port $LIBRA_POSTGRES_PORT." "Its log: $(_dev) logs postgres"
    fi
    if rabbitmq_ready; then _good "RabbitMQ answers on port $LIBRA_RABBITMQ_PORT"; else
        _bad "RabbitMQ does not answer on port $LIBRA_RABBITMQ_PORT." \
            "Its log: $(_dev) logs rabbitmq (it refuses to start when disk or memory are short)"
    fi
    if ! health=$(curl -sS -m 3 "http://127.0.0.1:$LIBRA_PORT/health" 2>&1); then
        _bad "The gateway does not answer: $health" "Its log: $(_dev) logs gateway"
    elif [[ $health == *'"status":"healthy"'* ]]; then
        _good "the gateway is healthy"
    else
        health=$(grep -oE '"(database|queue)":"unhealthy"' <<<"$health" | cut -d'"' -f2 | paste -sd' ')
        _bad "The gateway is not healthy; it does not reach: ${health:-its dependencies}." \
            "Its log: $(_dev) logs gateway"
    fi
    if caddy_ready; then _good "the static host answers"; else
        _bad "The static host does not answer on port $LIBRA_SITES_PORT." "Its log: $(_dev) logs caddy"
    fi
}
