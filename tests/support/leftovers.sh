# shellcheck shell=bash
# What a test run must not leave on a machine: processes, mounts, network namespaces, loop devices,
# containers, control groups, temporary files. Sourced by services.sh.
#
# Other runs may be under way, so only what carries this run's mark counts, LIBRA_TEST_RUN: it is part
# of the ids of all workers of the tests and so of the names of their sandboxes, of the path of the
# run's temporary folder, and of the environment of its processes. Test programs that need no service
# know no run, but ctest is their parent, whose number is in the name of their folders.

# The folder that is TMPDIR for the run's test programs.
leftovers_temporary() { printf '/tmp/libra-%s' "$1"; }

# leftovers_report RUN STATE CTEST: prints what is there of the run, one a line. False when there is
# anything. STATE is the folder of its services, CTEST its process number.
leftovers_report() {
    local found=0 line
    while IFS= read -r line; do
        printf 'left behind: %s\n' "$line"
        found=1
    done < <(
        _leftovers_things "$1" "$2" "$3"
        _leftovers_processes "$1"
    )
    return "$found"
}

leftovers_none() { leftovers_report "$@" >/dev/null 2>&1; }

_leftovers_things() {
    local -x run=$1 state=$2/
    # The kernel writes a space as \040.
    state=${state// /'\040'} awk 'index($5, ENVIRON["run"]) || index($5, ENVIRON["state"]) == 1 {
        print "mount", $5
    }' /proc/self/mountinfo
    find /run/netns -mindepth 1 -maxdepth 1 -name "*$run*" -printf 'netns %f\n' 2>/dev/null || true
    losetup --noheadings --output BACK-FILE 2>/dev/null |
        awk 'index($0, ENVIRON["run"]) || index($0, ENVIRON["state"]) == 1 { print "loop", $0 }'
    find /run/crun -mindepth 1 -maxdepth 1 -name "*$run*" -printf 'container %f\n' 2>/dev/null || true
    find /sys/fs/cgroup -type d -name "*$run*" -printf 'cgroup %p\n' 2>/dev/null || true
    find "$(leftovers_temporary "$run")" -mindepth 1 -maxdepth 1 -name '*libra*' -printf 'folder %p\n' || true
    find /tmp /var/tmp -mindepth 1 -maxdepth 1 -name "libra-test-$3-*" -printf 'folder %p\n' || true
}

# Those with the mark in their environment, and those of a sandbox that have it as an argument only.
_leftovers_processes() {
    local pid pids command
    # Read to the end before any is looked at: the readers carry the mark too.
    pids=$(
        {
            grep --files-with-matches --no-messages --null-data --line-regexp "LIBRA_TEST_RUN=$1" \
                /proc/[0-9]*/environ || true
            grep --files-with-matches --no-messages --null-data --extended-regexp \
                "libra-[0-9a-f]+-.*$1" /proc/[0-9]*/cmdline || true
        } | cut -d/ -f3 | sort --unique
    )
    for pid in $pids; do
        # ctest and the shell around this script may have been started from a shell that read the file.
        if [[ ! -d /proc/$pid ]] || _is_ancestor "$pid"; then continue; fi
        command=$(tr '\0' ' ' 2>/dev/null <"/proc/$pid/cmdline" | head -c 160) || true
        printf 'process %s: %s\n' "$pid" "$command"
    done
}

_is_ancestor() {
    local pid=$BASHPID
    while ((pid > 1)); do
        [[ $pid == "$1" ]] && return 0
        pid=$(awk '/^PPid:/ { print $2 }' "/proc/$pid/status" 2>/dev/null || echo 0)
    done
    return 1
}
