#!/bin/bash
# Makes of the container a machine on which sandboxes can be made, then becomes the worker. A container
# engine hides or closes what a container in a container needs; the capability SYS_ADMIN opens it again,
# for this container alone. README.md, "In containers", says what the engine has to allow.
set -euo pipefail

# A new procfs in a sandbox's user namespace is refused while parts of ours are covered up.
mount -t proc -o nosuid,nodev,noexec proc /proc

# The kernel numbers loop devices for all containers; the nodes have to be here before they are used.
[[ -b /dev/loop0 ]] || for number in {0..255}; do mknod -m 600 "/dev/loop$number" b 7 "$number"; done

# The container's own part of each hierarchy of control groups.
while read -r _ _ _ _ path _ ; do
    [[ $path != /sys/fs/cgroup* ]] || mount -o remount,bind,rw,nosuid,nodev,noexec "$path"
done </proc/self/mountinfo
# Version 2 gives limits to groups only below one without processes: ours move into a group beside them.
if [[ -e /sys/fs/cgroup/cgroup.subtree_control ]]; then
    mkdir -p /sys/fs/cgroup/worker
    while read -r pid; do
        echo "$pid" 2>/dev/null >/sys/fs/cgroup/worker/cgroup.procs || [[ ! -d /proc/$pid ]]
    done </sys/fs/cgroup/cgroup.procs
    echo '+memory +pids +cpu' >/sys/fs/cgroup/cgroup.subtree_control
fi

exec "$@"
