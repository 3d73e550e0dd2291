#!/bin/bash
# What Kubernetes gives a privileged container differs from what the image's own start expects, in two ways.
set -euo pipefail

# Only the loop devices that the node had are in /dev, but the kernel hands out others.
for number in {0..255}; do
    [[ -b /dev/loop$number ]] || mknod -m 600 "/dev/loop$number" b 7 "$number"
done

# A privileged container sees the node's whole tree of control groups. From here on only the container's
# own part of it is seen, so that builds are made inside, and count for, the pod's limits.
if [[ -e /sys/fs/cgroup/cgroup.controllers ]]; then
    # shellcheck disable=SC2016  # expanded by the inner shell
    exec unshare --cgroup -- /bin/bash -euc '
        umount /sys/fs/cgroup
        mount -t cgroup2 -o nosuid,nodev,noexec cgroup2 /sys/fs/cgroup
        exec "$@"' worker-start "$@"
fi
exec "$@"
