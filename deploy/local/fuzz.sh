# shellcheck shell=bash
# ./dev fuzz: libFuzzer on everything that reads bytes of strangers. Sourced by dev.
: "${root:?}" "${state:?}" "${green?}" "${red?}" "${plain?}"
set -euo pipefail

# command_fuzz [TARGET]... [--seconds N]: all of tests/fuzz when none is named, N seconds each.
command_fuzz() {
    local seconds=10 target targets=() broken=0
    while (($#)); do
        case $1 in
        --seconds)
            [[ ${2:-} =~ ^[1-9][0-9]*$ ]] || fail "--seconds takes a whole number from 1."
            seconds=$2
            shift
            ;;
        *)
            [[ -f $root/tests/fuzz/$1_fuzz.cpp ]] ||
                fail "There is no fuzz target \"$1\"." "Targets: $(_fuzz_targets | paste -sd' ')"
            targets+=("$1")
            ;;
        esac
        shift
    done
    ((${#targets[@]})) || mapfile -t targets < <(_fuzz_targets)
    packages_install build run test fuzz
    build fuzz "Building (fuzz preset)" "${targets[@]/#/fuzz_}"
    say
    for target in "${targets[@]}"; do
        _fuzz "$target" "$seconds" || broken=$((broken + 1))
    done
    say
    ((broken == 0)) || fail "$broken of ${#targets[@]} targets found something." \
        "Mend it, and keep the input as a file of tests/fuzz/corpus: the unit tests replay them."
}

_fuzz_targets() {
    local file
    for file in "$root"/tests/fuzz/*_fuzz.cpp; do basename "$file" _fuzz.cpp; done
}

# _fuzz TARGET SECONDS: one line, and more where something is found. What reached new code is kept, and
# tried first the next time.
_fuzz() {
    local target=$1 seconds=$2 program=$root/build/fuzz/tests/fuzz/fuzz_$1 kept=$state/fuzz/$1
    local log=$state/logs/fuzz-$1.log status=0 runs edges input
    mkdir -p "$kept/corpus" "$kept/findings" "$state/logs"
    printf '  %-18s ' "$target"
    "$program" -max_total_time="$seconds" -timeout=10 -print_final_stats=1 \
        -dict="$root/tests/fuzz/dictionaries/$target.dict" -artifact_prefix="$kept/findings/" \
        "$kept/corpus" "$root/tests/fuzz/corpus/$target" >"$log" 2>&1 </dev/null || status=$?
    runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
    edges=$(grep -ao 'cov: [0-9]*' "$log" | tail -n 1)
    printf '%9s runs  %5s edges  ' "${runs:-0}" "${edges#cov: }"
    if ((status == 0)); then
        printf '%sok%s\n' "$green" "$plain"
        return
    fi
    printf '%sbroken%s\n' "$red" "$plain"
    input=$(sed -n 's/.*Test unit written to //p' "$log" | tail -n 1)
    if [[ ! $input ]]; then
        tail -n 10 "$log"
        return 1
    fi
    grep -aE '^ *what\(\):|ERROR: |runtime error: |Assertion ' "$log" | head -n 3 | sed 's/^ */    /'
    printf '    %-7s %s\n' input "$input" base64 "$(base64 -w 0 "$input")" again "$program $input" log "$log"
    return 1
}
