#!/bin/bash
# Makes the secrets that docker-compose.yml needs, random ones, and names their folder in `.env`, which
# `docker compose` reads:
#     make-secrets.sh [FOLDER]      (secrets, beside docker-compose.yml)
# Never changes what is there: what the secrets protect would be lost.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

folder=${1:-secrets}
[[ $folder == /* ]] || folder=./$folder
if [[ -e $folder ]]; then
    echo "$folder is there already and stays as it is. To begin anew, move it away, and .env too." >&2
    exit 1
fi
if [[ -e .env ]] && grep -q '^LIBRA_SECRETS=' .env; then
    echo ".env names a folder of secrets already: $(grep '^LIBRA_SECRETS=' .env)" >&2
    exit 1
fi

# 256 random bits in hexadecimal, which need no quoting in a URL or a file.
word() { head -c 32 /dev/urandom | od -An -v -tx1 | tr -d ' \n'; }
key() { head -c 32 /dev/urandom | base64 --wrap=0; }

# The folder is its owner's alone; the files are mounted one by one, for users that only containers have.
new=$folder.new
rm -rf "$new"
install -d -m 700 "$new"
database=$(word) broker=$(word)
printf '%s' "$database" >"$new/postgres-password"
printf 'postgresql://libra:%s@postgres:5432/libra' "$database" >"$new/postgres-url"
printf 'default_user = libra\ndefault_pass = %s\n' "$broker" >"$new/rabbitmq-user.conf"
printf 'amqp://libra:%s@rabbitmq:5672/%%2f' "$broker" >"$new/rabbitmq-url"
key >"$new/secrets-key"
key >"$new/webhook-secret"
word >"$new/grafana-password"
chmod 444 "$new"/*
mv "$new" "$folder"
(umask 077 && printf 'LIBRA_SECRETS=%s\n' "$folder" >>.env)
echo "Made the secrets in $folder; .env names it. Keep a copy: without secrets-key no secret variable can be read."
