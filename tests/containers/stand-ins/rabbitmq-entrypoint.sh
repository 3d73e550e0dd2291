#!/bin/bash
# The cookie that the broker and its tools share; without the port mapper answering, neither finds the other.
set -euo pipefail

[[ -s ~/.erlang.cookie ]] ||
    (umask 077 && head -c 16 /dev/urandom | od -An -v -tx1 | tr -d ' \n' >~/.erlang.cookie)
exec "$@"
