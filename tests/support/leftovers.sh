# shellcheck shell=bash
# What tests must not leave on a machine: processes, mounts, network namespaces, loop devices,
# containers, control groups, temporary folders. Sourced by services.sh.

# Prints what is there of the kinds that outlive a process, one `kind name` a line.
leftovers_remember() {
    awk '{ print "mount", $5 }' /proc/self/mountinfo | grep -i libra || true
    find /run/netns -mindepth 1 -maxdepth 1 -name '*libra*' -printf 'netns %f\n' 2>/dev/null || true
    losetup --noheadings --output BACK-FILE 2>/dev/null | grep -i libra | sed 's/^/loop /' || true
    find /run/crun -mindepth 1 -maxdepth 1 -name '*libra*' -printf 'container %f\n' 2>/dev/null || true
    find /sys/fs/cgroup -type d -name '*libra*' -printf 'cgroup %p\n' 2>/dev/null || true
    find /tmp /var/tmp -mindepth 1 -maxdepth 1 -name '*libra*' -printf 'folder %p\n' || true
}

# leftovers_report BEFORE-FILE RUN: prints what is new since, and processes that carry the run's mark
# in their environment. False when there is anything.
leftovers_report() {
    local found=0 line pid
    while IFS= read -r line; do
        printf 'left behind: %s\n' "$line"
        found=1
    done < <(comm -13 <(sort -u "$1") <(leftovers_remember | sort -u))
    while IFS=/ read -r _ _ pid _; do
        # ctest and the shell around this script may have been started from a shell that read the file.
        if [[ ! -d /proc/$pid ]] || _is_ancestor "$pid"; then continue; fi
        printf 'left behind: process %s: %s\n' "$pid" "$(tr '\0' ' ' <"/proc/$pid/cmdline" | head -c 160)"
        found=1
    done < <(grep --files-with-matches --no-messages --null-data --line-regexp "LIBRA_TEST_RUN=$2" \
        /proc/[0-9]*/environ)
    return "$found"
}

leftovers_none() { leftovers_report "$@" >/dev/null 2>&1; }

_is_ancestor() {
    local pid=$BASHPID
    while ((pid > 1)); do
        [[ $pid == "$1" ]] && return 0
        pid=$(awk '/^PPid:/ { print $2 }' "/proc/$pid/status" 2>/dev/null || echo 0)
    done
    return 1
}
