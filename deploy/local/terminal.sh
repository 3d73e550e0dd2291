# shellcheck shell=bash
# What the person at the terminal sees: steps with durations, and failures that say what to do.
# Sourced by dev; expects $state.
: "${state:?}"

if [[ -t 1 && -z ${CI:-} && ${TERM:-dumb} != dumb ]]; then
    live=1 dim=$'\e[2m' red=$'\e[31m' green=$'\e[32m' yellow=$'\e[33m' plain=$'\e[0m'
else
    live='' dim='' red='' green='' yellow='' plain=''
fi

say() { printf '%s\n' "$*"; }
highlight() { printf '%s%s%s' "$green" "$*" "$plain"; }
note() { printf '%s\n' "${yellow}$*${plain}" >&2; }

# fail WHAT [WHAT-TO-DO...]: ends the command.
fail() {
    printf '\n%serror:%s %s\n' "$red" "$plain" "$1" >&2
    shift
    (($#)) && printf '       %s\n' "$@" >&2
    exit 1
}

# step TITLE LOG COMMAND...: runs the command with its output in .libra/logs/LOG.log. One line while
# it runs and after it; when it fails, the tail of the log and the end of ./dev. The command runs in a
# subshell, so it cannot set variables of the caller.
step() {
    local title=$1 log=$state/logs/$2.log started=$EPOCHREALTIME status=0 last
    shift 2
    mkdir -p "$state/logs"
    printf '  %-34s ' "$title"
    # Not `if ("$@")`: a condition would switch errexit off inside the command.
    set +e
    if [[ $live ]]; then
        # A process group of its own, so that an interruption reaches everything it started.
        set -m
        (set -e; "$@") >"$log" 2>&1 </dev/null &
        set +m
        local job=$!
        local interrupted=
        trap 'interrupted=yes; kill -- "-$job" 2>/dev/null' INT TERM
        while kill -0 "$job" 2>/dev/null; do
            last=$(tail -c 400 "$log" | tr -d '\r\033' | grep -v '^ *$' | tail -n 1)
            printf '\r  %-34s %s%-.60s%s\e[K' "$title" "$dim" "$last" "$plain"
            read -rt 0.2 <> <(:) || true
        done
        wait "$job"
        status=$?
        trap - INT TERM
        printf '\r  %-34s \e[K' "$title"
        if [[ $interrupted ]]; then
            printf 'interrupted after %s\n' "$(_elapsed "$started")"
            exit 130
        fi
    else
        (set -e; "$@") >"$log" 2>&1 </dev/null
        status=$?
    fi
    set -e
    if ((status)); then
        printf '%sfailed%s after %s\n' "$red" "$plain" "$(_elapsed "$started")"
        printf '%s--- end of %s%s\n' "$dim" "$log" "$plain" >&2
        tail -n 25 "$log" >&2
        printf '%s---%s\n' "$dim" "$plain" >&2
        fail "\"$title\" failed (exit code $status)." "The whole output is in $log." \
            "./dev doctor looks for the usual causes; ./dev up continues from here."
    fi
    printf '%sok%s %s\n' "$green" "$plain" "$(_elapsed "$started")"
}

_elapsed() {
    awk -v from="$1" -v to="$EPOCHREALTIME" 'BEGIN { printf "%.1f s", to - from }'
}

# until_true SECONDS COMMAND...: true as soon as the command succeeds, false when the time is over.
until_true() {
    local deadline=$((SECONDS + $1))
    shift
    until "$@"; do
        ((SECONDS < deadline)) || return 1
        sleep 0.1
    done
}
