# shellcheck shell=bash
# Building, testing, linting: the commands of ./dev that need no running stack. Sourced by dev.
: "${root:?}" "${state:?}"
set -euo pipefail

# Runs a command as the person behind sudo, so that build trees, caches and node_modules are theirs.
as_invoker() {
    if ((EUID == 0)) && [[ -n ${SUDO_UID:-} && ${SUDO_UID:-0} != 0 ]]; then
        local home
        home=$(getent passwd "$SUDO_UID" | cut -d: -f6)
        # shellcheck disable=SC2153  # set by sudo, like SUDO_UID
        setpriv --reuid="$SUDO_UID" --regid="$SUDO_GID" --init-groups -- \
            env -u SUDO_UID -u SUDO_GID HOME="$home" "$@"
    else
        "$@"
    fi
}

# Fetches the one npm package that is compiled into the gateway; quick when it is there already.
docs_package() {
    step "API reference page" npm-docs as_invoker /usr/bin/python3 -B "$root/api-gateway/docs/fetch_bundle.py"
}

# The npm packages of the contract tests; quick when they are there already.
contract_packages() { _npm_packages contract "Packages of the contract tests"; }

# _npm_packages FOLDER TITLE: what the lock file of the folder of tests/ names.
_npm_packages() {
    local folder=$root/tests/$1
    [[ $folder/node_modules/.package-lock.json -nt $folder/package-lock.json ]] && return
    step "$2" "npm-$1" as_invoker npm --prefix "$folder" ci --ignore-scripts --no-audit --no-fund
}

# build PRESET TITLE [TARGET...]
build() {
    local preset=$1 title=$2
    shift 2
    docs_package
    if [[ ! -f $root/build/$preset/build.ninja ]]; then
        say "  The first build takes some minutes; to follow it: tail -f $state/logs/build-$preset.log"
    fi
    step "$title" "build-$preset" _build "$preset" "$@"
}

_build() {
    local preset=$1 targets=()
    shift
    (($#)) && targets=(--target "$@")
    cd "$root"
    if [[ ! -f build/$preset/build.ninja ]]; then as_invoker cmake --preset "$preset"; fi
    as_invoker cmake --build --preset "$preset" "${targets[@]}"
}

command_test() {
    packages_install build run test
    contract_packages
    build dev "Building (dev preset)"
    say
    cd "$root"
    # One more than there are processors: many tests wait for a lease or a time-out most of the time.
    exec ctest --preset all --parallel "$(($(nproc) + 1))" "$@"
}

_matrix_usage() {
    cat <<'END'
Usage: ./dev matrix [PROJECT…] [--markdown]

Deploys these projects of tests/matrix, or all, with real installations and builds, opens each in a
browser, and prints a table of how each was built, how long it took, and what is on its page.

  --markdown   print the table as Markdown

Projects:
END
    sed -n 's/^ *{"name": "\([^"]*\)".*/\1/p' "$root/tests/matrix/matrix.json" | paste -sd ' ' | fold -s -w 90 |
        sed 's/^/  /; s/ *$//'
}

# command_matrix [PROJECT...]: every project of tests/matrix, or those named.
command_matrix() {
    local argument arguments=()
    for argument in "$@"; do
        if [[ $argument == --help || $argument == -h ]]; then
            _matrix_usage
            return
        fi
        [[ $argument == -* ]] || arguments+=(--project)
        arguments+=("$argument")
    done
    [[ " ${arguments[*]} " == *" --project "* ]] || arguments+=(--all)
    _beside_services matrix "$root/build/dev" /usr/bin/python3 -B -m pytest -p no:cacheprovider -q --tb=short \
        "$root/tests/matrix/test_matrix.py" "${arguments[@]}"
}

# Faults against services of its own, in a folder of its own: it may run beside ./dev test.
command_chaos() {
    _beside_services chaos "$root/build/dev" /usr/bin/python3 -B "$root/tests/chaos/chaos.py" "$@"
}

# The pictures of the dashboards, of a platform that works for some minutes.
command_dashboards() {
    _beside_services dashboards "$root/build/dev" /usr/bin/python3 -B "$root/tests/dashboards/draw.py" "$@"
}

# The same for speed, of what `./dev up` runs.
command_bench() {
    _beside_services bench "$root/build/release" /usr/bin/python3 -B "$root/tests/load/bench.py" "$@"
}

# _beside_services NAME BUILD COMMAND...: runs it with throw-away services and the programs of a build.
_beside_services() {
    local name=$1 tree=$2 run=("${@:3}") driver status=0
    packages_install build run test
    if [[ " ${run[*]:3} " =~ \ (--plan|--help|-h)\  ]]; then exec "${run[@]}"; fi
    case $name in
    chaos) build dev "Building (dev preset)" libra-gateway libra-worker libra-site-rules ;;
    matrix)
        contract_packages
        build dev "Building (dev preset)" libra-gateway libra-worker libra-site-rules
        ;;
    dashboards)
        _npm_packages dashboards "The library that draws"
        build dev "Building (dev preset)" libra-gateway libra-worker libra-site-rules
        ;;
    bench)
        packages_install bench
        build release "Building (release preset)" libra-gateway libra-worker libra-site-rules bare_beast
        export LIBRA_THROWAWAY=durable
        ;;
    esac
    export LIBRA_TEST_STATE=$state/$name LIBRA_BUILD_DIR=$tree
    step "Throw-away services" "$name-services" "$root/tests/support/services.sh" start
    say
    "$root/tests/integration/run.sh" "${run[@]}" &
    driver=$!
    trap 'kill -TERM "$driver" 2>/dev/null' INT TERM
    while kill -0 "$driver" 2>/dev/null; do
        wait "$driver" && status=0 || status=$?
    done
    # Silent unless something was left behind. The run's summary stays the last line.
    "$root/tests/support/services.sh" stop || status=1
    return "$status"
}

# An engine of its own, in a network of its own; see the script.
command_containers() {
    packages_install run containers
    exec "$root/tests/containers/run.sh" "$@"
}

command_sanitize() {
    local preset
    packages_install build run test
    for preset in asan tsan; do
        build "$preset" "Building ($preset preset)" unit_tests
        say
        (cd "$root" && ctest --preset "$preset" --output-on-failure "$@")
    done
}

# command_lint [format | shell | tidy]...: all of them when none is named.
command_lint() {
    local part parts=("$@")
    (($#)) || parts=(format shell tidy)
    packages_install build lint
    for part in "${parts[@]}"; do
        case $part in
        format) step "Formatting (clang-format)" lint-format _lint_format ;;
        shell) step "Shell scripts (shellcheck)" lint-shell _lint_shell ;;
        tidy)
            # clang-tidy reads the compile database and generated headers of a finished build.
            packages_install run test
            build dev "Building (dev preset)"
            step "C++ checks (clang-tidy)" lint-tidy /usr/bin/python3 -B "$root/tools/tidy.py" \
                "$root/build/dev" "$state/tidy"
            ;;
        *) fail "There is no check \"$part\": format, shell, tidy." ;;
        esac
    done
}

# Files under version control, or new and not ignored.
_sources() {
    git -C "$root" -c safe.directory="$root" ls-files -z --cached --others --exclude-standard -- "$@"
}

_lint_format() {
    cd "$root"
    _sources '*.hpp' '*.cpp' | xargs -0 -r clang-format --dry-run -Werror
}

_lint_shell() {
    cd "$root"
    _sources dev .ci/run '*.sh' | xargs -0 -r shellcheck --external-sources
}
