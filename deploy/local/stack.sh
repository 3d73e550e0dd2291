# shellcheck shell=bash
# A stack: programs of service.sh kept running by a supervisord of their own, in one data folder.
# `./dev up` has one in .libra, the tests have a throw-away one in .libra/test.
# Sourced; expects $root, $state, and the port variables exported.
: "${root:?}" "${state:?}"

# stack_configure PROGRAM...: writes the supervisor's configuration. A program's section names what it
# depends on (ports, a fingerprint of its binary and files), so that `stack_apply` restarts exactly
# the programs for which something changed.
stack_configure() {
    local program
    mkdir -p "$state/run" "$state/logs"
    {
        # The socket's path must be short, a Unix socket's address having only 107 bytes, while
        # checkouts may sit deep; and supervisor makes relative paths absolute. So: run/ is the working
        # directory of whoever serves or calls it.
        cat <<'CONF'
[unix_http_server]
file = /proc/self/cwd/supervisor.sock
chmod = 0700
[supervisord]
pidfile = supervisord.pid
logfile = ../logs/supervisord.log
logfile_maxbytes = 1MB
logfile_backups = 1
umask = 022
user = root
[rpcinterface:supervisor]
supervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface
[supervisorctl]
serverurl = unix:///proc/self/cwd/supervisor.sock
CONF
        for program; do _stack_section "$program"; done
    } >"$state/run/supervisord.conf.new"
    mv "$state/run/supervisord.conf.new" "$state/run/supervisord.conf"
}

_stack_section() {
    local program=$1 signal=TERM patience=30 uses=() files=("$root/deploy/local/service.sh")
    local build=${LIBRA_BUILD_DIR:-$root/build/${LIBRA_PRESET:-release}}
    case $program in
    epmd) uses=(LIBRA_EPMD_PORT) ;;
    # Fast shutdown: TERM would wait for every client to leave.
    postgres) signal=INT uses=(LIBRA_POSTGRES_PORT) ;;
    rabbitmq)
        uses=(LIBRA_EPMD_PORT LIBRA_RABBITMQ_PORT LIBRA_RABBITMQ_DIST_PORT LIBRA_RABBITMQ_METRICS_PORT)
        files+=("$root/deploy/rabbitmq/rabbitmq.conf")
        ;;
    caddy) uses=(LIBRA_SITES_PORT LIBRA_SITES_BIND LIBRA_SITE_RULES_PORT) files+=("$root"/deploy/caddy/*) ;;
    site-rules)
        uses=(LIBRA_SITE_RULES_PORT LIBRA_BUILD_DIR)
        files+=("$build/site-rules/libra-site-rules")
        ;;
    gateway)
        uses=("${public_ports[@]}" LIBRA_POSTGRES_PORT LIBRA_RABBITMQ_PORT LIBRA_BUILD_DIR)
        files+=("$build/api-gateway/libra-gateway" "$state/settings")
        ;;
    worker-*)
        local port=LIBRA_${program^^}_PORT
        port=${port//-/_}
        # shellcheck disable=SC2034  # read by its name, below
        local LIBRA_WORKER_PORT=${!port}
        patience=60
        uses=("${public_ports[@]}" LIBRA_WORKER_PORT LIBRA_POSTGRES_PORT LIBRA_RABBITMQ_PORT LIBRA_BUILD_DIR)
        files+=("$build/deploy-worker/libra-worker" "$state/settings")
        ;;
    esac
    printf '[program:%s]\ncommand = /bin/bash %s %s\n' "$program" \
        "$(_stack_quote "$root/deploy/local/service.sh")" "$program"
    printf 'stdout_logfile = ../logs/%s.log\n' "$program"
    printf 'redirect_stderr = true\nstdout_logfile_maxbytes = 10MB\nstdout_logfile_backups = 2\n'
    printf 'autorestart = true\nstartsecs = 2\nstartretries = 8\n'
    printf 'stopsignal = %s\nstopwaitsecs = %s\nstopasgroup = false\nkillasgroup = true\n' "$signal" "$patience"
    printf 'environment = LIBRA_STATE=%s' "$(_stack_quote "$state")"
    local name
    for name in "${uses[@]}" LIBRA_PRESET LIBRA_THROWAWAY; do
        [[ -z ${!name:-} ]] || printf ',%s=%s' "$name" "$(_stack_quote "${!name}")"
    done
    printf ',LIBRA_FINGERPRINT="%s"\n' "$(cat "${files[@]}" 2>/dev/null | sha256sum | head -c 16)"
}

# A value for the supervisor's configuration, which doubles % and splits at spaces like a shell.
_stack_quote() {
    local value=${1//%/%%}
    value=${value//\\/\\\\}
    printf '"%s"' "${value//\"/\\\"}"
}

_stack_ctl() {
    (cd "$state/run" && exec /usr/bin/supervisorctl -c supervisord.conf "$@")
}

# True while this stack's supervisor runs.
stack_running() {
    local pid
    pid=$(cat "$state/run/supervisord.pid" 2>/dev/null) && [[ -n $pid && -d /proc/$pid ]] &&
        [[ $(readlink "/proc/$pid/cwd") == "$state/run" || $(tr '\0' ' ' <"/proc/$pid/cmdline") == *supervisord* ]] &&
        _stack_ctl pid >/dev/null 2>&1
}

# Starts the programs of the configuration, or brings a running stack in line with it.
stack_apply() {
    if stack_running; then
        _stack_ctl update
        local stopped
        mapfile -t stopped < <(_stack_ctl status | awk '$2 ~ /FATAL|EXITED|STOPPED/ { print $1 }')
        if ((${#stopped[@]})); then _stack_ctl start "${stopped[@]}"; fi
    else
        stack_sweep
        rm -f "$state/run/supervisor.sock" "$state/run/supervisord.pid"
        # Without descriptors of the caller: a lock or a pipe held by a daemon would never be let go.
        (cd "$state/run" && exec 9>&- && exec /usr/bin/supervisord -c supervisord.conf)
        until_true 60 stack_running
    fi
}

# Stops every program and the supervisor; returns when all their processes are gone.
stack_stop() {
    stack_running || return 0
    local pid workers
    pid=$(<"$state/run/supervisord.pid")
    # The supervisor asks one program after the other, and each worker may take its grace period.
    mapfile -t workers < <(_stack_ctl status | awk '$1 ~ /^worker-/ && $2 == "RUNNING" { print $1 }')
    if ((${#workers[@]})); then _stack_ctl signal TERM "${workers[@]}" >/dev/null || true; fi
    _stack_ctl shutdown >/dev/null
    until_true 90 _stack_gone "$pid"
}
_stack_gone() { [[ ! -d /proc/$1 ]]; }

# Clears what only a crash can leave (of the supervisor, say): processes of this stack, which carry
# its folder in their environment, and mounts in the folder.
stack_sweep() {
    local pids mount
    mapfile -t pids < <(_stack_orphans)
    if ((${#pids[@]})); then
        echo "stopping processes left behind: ${pids[*]}"
        kill -TERM "${pids[@]}" 2>/dev/null || true
        until_true 15 _stack_no_orphans || {
            mapfile -t pids < <(_stack_orphans)
            kill -KILL "${pids[@]}" 2>/dev/null || true
        }
    fi
    while read -r mount; do
        printf -v mount %b "$mount"
        echo "unmounting $mount"
        umount --lazy "$mount"
    done < <(findmnt --noheadings --raw --output TARGET | grep -F "$(_stack_raw "$state")/" | sort -r)
}
_stack_orphans() {
    grep --files-with-matches --no-messages --null-data --line-regexp --fixed-strings \
        "LIBRA_STATE=$state" /proc/[0-9]*/environ | cut -d/ -f3
}
_stack_no_orphans() { [[ -z $(_stack_orphans) ]]; }
# A path as findmnt --raw prints it.
_stack_raw() { printf '%s' "${1// /\\x20}"; }

# PROGRAM and its state as supervisord sees it, one a line.
stack_status() { _stack_ctl status || true; }

stack_restart() { _stack_ctl restart "$@"; }

# Readiness of the parts, for until_true.
postgres_ready() {
    (exec 3<>"/dev/tcp/127.0.0.1/$LIBRA_POSTGRES_PORT") 2>/dev/null &&
        postgres_admin "select 1" >/dev/null 2>&1
}
# The broker opens its listener as the last act of its start; a protocol header it does not know is
# answered with the one it does.
rabbitmq_ready() {
    local answer=''
    { exec 3<>"/dev/tcp/127.0.0.1/$LIBRA_RABBITMQ_PORT" && printf 'AMQP\0\0\0\0' >&3 &&
        IFS= read -r -t 2 -N 4 answer <&3; } 2>/dev/null
    { exec 3>&-; } 2>/dev/null
    [[ $answer == AMQP ]]
}

# postgres_admin SQL [DATABASE]: runs SQL as the superuser of the stack's own cluster.
postgres_admin() {
    PGPASSWORD=$(secret postgres-password) PGCONNECT_TIMEOUT=3 psql --no-psqlrc --quiet --tuples-only \
        --no-align --set=ON_ERROR_STOP=1 --host=127.0.0.1 --port="$LIBRA_POSTGRES_PORT" \
        --username=postgres --dbname="${2:-postgres}" --command="$1"
}

# Makes the role and the database of the services where they are missing.
database_prepare() {
    local password
    password=$(secret database-password)
    if [[ -z $(postgres_admin "select 1 from pg_roles where rolname = 'libra'") ]]; then
        postgres_admin "create role libra login"
    fi
    # Through stdin: an argument list is readable by everybody on the machine.
    PGPASSWORD=$(secret postgres-password) psql --no-psqlrc --quiet --host=127.0.0.1 \
        --port="$LIBRA_POSTGRES_PORT" --username=postgres --dbname=postgres \
        <<<"set log_statement = 'none'; alter role libra password '$password';"
    if [[ -z $(postgres_admin "select 1 from pg_database where datname = 'libra'") ]]; then
        postgres_admin "create database libra owner libra"
    fi
}
