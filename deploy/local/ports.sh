# shellcheck shell=bash
# Which port each service listens on. The environment decides, then what an earlier command chose
# (.libra/ports), then the default. Sourced by dev; expects $state.
: "${state:?}"

# Ports that people type stay what they are or are refused; ports only our services use move to the
# next free one, so that a second checkout needs two variables and no more.
public_ports=(LIBRA_PORT LIBRA_SITES_PORT)
internal_ports=(LIBRA_POSTGRES_PORT LIBRA_RABBITMQ_PORT LIBRA_EPMD_PORT LIBRA_RABBITMQ_DIST_PORT
    LIBRA_RABBITMQ_METRICS_PORT LIBRA_SITE_RULES_PORT LIBRA_WORKER_1_PORT LIBRA_WORKER_2_PORT)

declare -A port_default=(
    [LIBRA_PORT]=3008 [LIBRA_SITES_PORT]=8080
    [LIBRA_POSTGRES_PORT]=15432 [LIBRA_RABBITMQ_PORT]=15671
    [LIBRA_EPMD_PORT]=14369 [LIBRA_RABBITMQ_DIST_PORT]=25672
    [LIBRA_RABBITMQ_METRICS_PORT]=15692 [LIBRA_SITE_RULES_PORT]=18081
    [LIBRA_WORKER_1_PORT]=19464 [LIBRA_WORKER_2_PORT]=19465
)

# Sets and exports every port variable without asking whether the ports are free.
ports_load() {
    local name value
    local -A remembered=()
    if [[ -f $state/ports ]]; then
        while IFS='=' read -r name value; do remembered[$name]=$value; done <"$state/ports"
    fi
    for name in "${public_ports[@]}" "${internal_ports[@]}"; do
        value=${!name:-${remembered[$name]:-${port_default[$name]}}}
        if [[ ! $value =~ ^[0-9]{1,5}$ ]] || ((value < 1 || value > 65535)); then
            fail "$name is \"$value\", which is no port." "Set it to a number from 1 to 65535."
        fi
        [[ -z ${!name:-} ]] || ports_given+="$name "
        export "$name=$value"
    done
}
ports_given=' '

# Settles the ports before the stack starts, and remembers them.
# Arguments: ports our own running stack holds already.
ports_settle() {
    local name port own=" $* " taken=' '
    for name in "${public_ports[@]}" "${internal_ports[@]}"; do
        port=${!name}
        if [[ $own != *" $port "* && ($taken == *" $port "* || -n $(port_listener "$port")) ]]; then
            if [[ $ports_given == *" $name "* || " ${public_ports[*]} " == *" $name "* ]]; then
                fail "Port $port is taken by $(port_holder "$port")." \
                    "Stop that program, or choose another port: $name=$((port + 1)) ./dev up"
            fi
            while [[ $taken == *" $port "* || -n $(port_listener "$port") ]]; do port=$((port + 1)); done
            export "$name=$port"
        fi
        taken+="$port "
    done
    for name in "${public_ports[@]}" "${internal_ports[@]}"; do
        printf '%s=%s\n' "$name" "${!name}"
    done >"$state/ports.new"
    mv "$state/ports.new" "$state/ports"
}

# The line of `ss` about whoever listens on the port; empty when nobody does.
port_listener() {
    ss -Hltnp "sport = :$1" | head -n 1
}

# Says who holds the port, with the directory it runs in: another checkout shows by it.
port_holder() {
    local line name pid
    line=$(port_listener "$1")
    if [[ $line =~ \"([^\"]*)\",pid=([0-9]+) ]]; then
        name=${BASH_REMATCH[1]} pid=${BASH_REMATCH[2]}
        printf '"%s" (process %s, working directory %s)' "$name" "$pid" \
            "$(readlink "/proc/$pid/cwd" || echo unknown)"
    else
        printf 'another program'
    fi
}
