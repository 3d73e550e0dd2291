#!/bin/bash
# Copies everything that cannot be made again, and brings it back:
#     backup.sh backup DIR     while the platform runs
#     backup.sh restore DIR    into an empty database and empty folders, with gateway and workers stopped
# Reads POSTGRES_URL (role libra's own database), OBJECTS_ROOT (the folder of OBJECT_STORE_URL) and SITES_ROOT.
# What is in it, in which order and why: deploy/RUNBOOK.md, "Backup and restore".
set -euo pipefail

fail() {
    printf 'error: %s\n' "$@" >&2
    exit 1
}

usage='usage: backup.sh backup|restore DIR'
(($# == 2)) || fail "$usage"
command=$1 folder=$2
: "${POSTGRES_URL:?}" "${OBJECTS_ROOT:?}" "${SITES_ROOT:?}"
# Not an argument of a program: a list of arguments is readable by everybody on the machine.
service=$(mktemp)
trap 'rm -f "$service"' EXIT
/usr/bin/python3 -c '
import os, urllib.parse
url = urllib.parse.urlsplit(os.environ["POSTGRES_URL"])
parts = {"host": url.hostname, "port": url.port or 5432, "dbname": url.path[1:], "user": url.username,
         "password": url.password}
print("[libra]", *(f"{k}={urllib.parse.unquote(str(v))}" for k, v in parts.items() if v), sep="\n")
' >"$service"
export PGSERVICEFILE=$service PGSERVICE=libra

empty() { [[ ! -e $1 || -z $(ls -A "$1") ]]; }

# Files that are removed while they are read belong to what nobody needs any more: tar says so with 1.
archive() {
    local status=0
    tar --create --numeric-owner --file="$folder/$1.tar" --directory="$2" . || status=$?
    ((status <= 1)) || fail "The files of $2 could not be read."
}

backup() {
    [[ ! -e $folder ]] || fail "$folder is there already; a backup is a new folder."
    (umask 077 && mkdir -p "$folder")
    pg_dump --format=custom --no-owner --file="$folder/database.dump"
    archive objects "$OBJECTS_ROOT"
    archive sites "$SITES_ROOT"
    # Last: a folder without it is no whole backup.
    (cd "$folder" && sha256sum database.dump objects.tar sites.tar >sums.new && mv sums.new sums)
    echo "$folder is complete. SECRETS_KEY and WEBHOOK_SECRET are not in it: keep them elsewhere."
}

restore() {
    [[ -s $folder/sums ]] || fail "$folder is no complete backup: it has no file sums."
    (cd "$folder" && sha256sum --quiet --check sums) || fail "$folder is damaged."
    if ! empty "$OBJECTS_ROOT" || ! empty "$SITES_ROOT"; then
        fail "$OBJECTS_ROOT and $SITES_ROOT have to be empty; move what is there aside."
    fi
    [[ -z $(psql -XAtc "select 1 from pg_tables where schemaname = 'public' limit 1") ]] ||
        fail "The database is not empty: make a new one."
    mkdir -p "$OBJECTS_ROOT" "$SITES_ROOT"
    tar --extract --preserve-permissions --numeric-owner --file="$folder/objects.tar" --directory="$OBJECTS_ROOT"
    tar --extract --preserve-permissions --numeric-owner --file="$folder/sites.tar" --directory="$SITES_ROOT"
    pg_restore --no-owner --exit-on-error --single-transaction --dbname=service=libra "$folder/database.dump"
    psql -Xq --set=ON_ERROR_STOP=1 --single-transaction --file="$(dirname "${BASH_SOURCE[0]}")/after_restore.sql"
    echo "Restored. Start gateways and workers, with the SECRETS_KEY and WEBHOOK_SECRET of before."
}

case $command in
backup | restore) "$command" ;;
*) fail "$usage" ;;
esac
