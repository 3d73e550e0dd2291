#!/bin/sh
# with_runsc.sh PROGRAM ARGUMENT...: runs the test program with gVisor, or ends with 77 and the reason where
# that does not work.
set -eu
export SANDBOX_RUNTIME=runsc
command -v runsc >/dev/null || {
    echo 'skipped: runsc is not installed'
    exit 77
}
"$1" '[self-test]' || {
    echo 'skipped: runsc does not work here, see above'
    exit 77
}
exec "$@"
