#!/bin/bash
# The first start makes the cluster, with the user, password and database that the environment names.
set -euo pipefail

if [[ ! -s $PGDATA/PG_VERSION ]]; then
    initdb --username="$POSTGRES_USER" --pwfile="$POSTGRES_PASSWORD_FILE" --auth=scram-sha-256 --encoding=UTF8
    echo 'host all all all scram-sha-256' >>"$PGDATA/pg_hba.conf"
    echo "listen_addresses = '*'" >>"$PGDATA/postgresql.conf"
    echo "create database \"$POSTGRES_DB\"" | postgres --single -j postgres
fi
exec "$@"
