#!/bin/bash
# The health checks of the images, without a client in them:
#     answers PORT PATH STATUS
# succeeds when http://127.0.0.1:PORT/PATH is answered with that status within three seconds.
set -euo pipefail

{ exec 3<>"/dev/tcp/127.0.0.1/$1"; } 2>/dev/null || { echo "nobody listens on port $1"; exit 1; }
printf 'GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' "$2" >&3
IFS=' ' read -r -t 3 _ status _ <&3 || { echo "no answer within 3 s"; exit 1; }
[[ $status == "$3" ]] || { echo "GET $2 was answered with $status"; exit 1; }
