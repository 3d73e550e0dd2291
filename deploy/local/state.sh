# shellcheck shell=bash
# The one folder of a checkout that holds all data: .libra/ (or the folder of a throw-away stack).
# Sourced by dev and by tests/support/services.sh; expects $state.
: "${state:?}"

# Makes the folders and secrets that are missing. Idempotent.
state_prepare() {
    install -d -m 755 "$state" "$state/logs" "$state/run" "$state/sites"
    install -d -m 700 "$state/objects" "$state/secrets"
    if [[ $EUID == 0 && -n ${SUDO_UID:-} ]]; then chown "$SUDO_UID" "$state" "$state/secrets"; fi
    local name
    for name in postgres-password database-password rabbitmq-password erlang-cookie demo-token \
        demo-session secrets-key webhook-secret; do
        secret "$name" >/dev/null
    done
}

# Prints a secret; 256 random bits, made at the first call, readable by its owner only.
secret() {
    local file=$state/secrets/$1
    if [[ ! -s $file ]]; then
        (umask 077 && head -c 32 /dev/urandom | od -An -v -tx1 | tr -d ' \n' >"$file.new")
        if [[ -n ${SUDO_UID:-} && $EUID == 0 ]]; then chown "$SUDO_UID" "$file.new"; fi
        mv "$file.new" "$file"
    fi
    cat "$file"
}

# Its bytes, which `secret` prints in hex, in base64. While a key is changed there are several, one a line.
secret_base64() {
    local key keys=()
    for key in $(secret "$1"); do
        keys+=("$(printf '%b' "$(printf '%s' "$key" | sed 's/../\\x&/g')" | base64 --wrap=0)")
    done
    local IFS=,
    printf '%s' "${keys[*]}"
}

# Tells this stack from others on the machine.
state_hash() { printf '%s' "$state" | sha256sum | head -c 8; }

# Addresses with their passwords: for files and environments of our own, never for an argument list.
# Tests give LIBRA_DATABASE and LIBRA_VHOST other values.
postgres_url() {
    printf 'postgresql://libra:%s@127.0.0.1:%s/%s' "$(secret database-password)" "$LIBRA_POSTGRES_PORT" \
        "${LIBRA_DATABASE:-libra}"
}
rabbitmq_url() {
    printf 'amqp://libra:%s@127.0.0.1:%s/%s' "$(secret rabbitmq-password)" "$LIBRA_RABBITMQ_PORT" \
        "${LIBRA_VHOST:-%2f}"
}
