#!/bin/sh
# Runs one integration test executable with the addresses of the services that the `services`
# fixture started. The fixture writes them, as shell assignments, to the file named here.
set -eu
# shellcheck source=/dev/null
. "${LIBRA_TEST_STATE:-$(dirname "$0")/../../.libra/test}/env"
export TMPDIR="$LIBRA_TEST_TEMPORARY"
exec "$@"
