# shellcheck shell=bash
# A Docker engine of the test's own: its data in one folder, its networks in a network namespace of its
# own, so that the machine's firewall, bridges and other engines stay as they are. Sourced by run.sh.
: "${here:?}" "${engine:?the folder}" "${cache:?the folder that is kept}"

engine_space=libra-containers
engine_bridge=10.88.0.1
cache_port=8099
export DOCKER_HOST=unix://$engine/docker.sock DOCKER_BUILDKIT=0 COMPOSE_DOCKER_CLI_BUILD=0

# Runs a command where the published ports are.
inside() { nsenter --net="/run/netns/$engine_space" -- "$@"; }
# The same in place of this shell: whoever ends that ends the command.
become_inside() { exec nsenter --net="/run/netns/$engine_space" -- "$@"; }

engine_start() {
    mkdir -p "$engine" "$cache/compiler"
    ip netns add "$engine_space"
    inside ip link set lo up
    # slirp4netns says on descriptor 4 when the namespace has its way out. Its own mount namespace, or it
    # would take /run/netns away from everybody.
    local ready
    exec {ready}< <(
        exec unshare --mount --propagation private -- slirp4netns --configure --mtu=65520 \
            --disable-host-loopback --ready-fd=4 --netns-type=path "/run/netns/$engine_space" tap0 \
            4>&1 >"$engine/network.log" 2>&1
    )
    network_process=$!
    read -r -N 1 -t 30 -u "$ready"
    printf 'nameserver 10.0.2.3\n' >"$engine/resolv.conf"
    # shellcheck disable=SC2016  # expanded by the inner shell
    become_inside unshare --mount --propagation slave -- sh -euc '
        mount --bind "$0/resolv.conf" /etc/resolv.conf
        exec dockerd --bip="$1/24" --data-root="$0/data" --exec-root="$0/exec" --pidfile="$0/pid" \
            --host="unix://$0/docker.sock"' "$engine" "$engine_bridge" >"$engine/log" 2>&1 &
    engine_process=$!
    until_true 60 engine_ready || { tail -n 20 "$engine/log" >&2; return 1; }
    become_inside /usr/bin/python3 -B "$here/compiler_cache.py" "$cache/compiler" "$engine_bridge" "$cache_port" &
    cache_process=$!
}

engine_ready() { docker version >/dev/null 2>&1; }

# What `debian:bookworm-slim` is elsewhere: a minimal Debian, with this machine's own authorities, which
# a network that is watched may need.
engine_base() {
    local tree=$engine/base mirror
    if [[ ! -s $cache/base.tar ]]; then
        debootstrap --variant=minbase --include=ca-certificates bookworm "$tree"
        # The archive that debootstrap has found, with its updates, as the official image has them.
        read -r _ mirror _ <"$tree/etc/apt/sources.list"
        printf 'deb %s main\n' "$mirror bookworm" "$mirror bookworm-updates" "$mirror-security bookworm-security" \
            >"$tree/etc/apt/sources.list"
        find /usr/local/share/ca-certificates -name '*.crt' \
            -exec cp -t "$tree/usr/local/share/ca-certificates" {} +
        chroot "$tree" update-ca-certificates
        # As the official slim image: no documentation, and no waiting for the disk.
        printf '%s\n' force-unsafe-io 'path-exclude /usr/share/doc/*' 'path-exclude /usr/share/man/*' \
            'path-exclude /usr/share/locale/*' 'path-exclude /usr/share/info/*' >"$tree/etc/dpkg/dpkg.cfg.d/slim"
        rm -rf "$tree"/usr/share/{doc,man,locale,info}/* "$tree"/var/{cache/apt,lib/apt/lists}/*
        chroot "$tree" apt-get clean
        tar --one-file-system -C "$tree" -cf "$cache/base.tar.new" .
        mv "$cache/base.tar.new" "$cache/base.tar"
        rm -rf --one-file-system "$tree"
    fi
    docker import "$cache/base.tar" debian:local-slim
}

# Ends all of it; true when nothing is left.
engine_stop() {
    local process
    for process in "${cache_process:-}" "${engine_process:-}" "${network_process:-}"; do
        [[ -z $process ]] || kill -TERM "$process" 2>/dev/null || continue
        [[ -z $process ]] || until_true 60 engine_gone "$process"
    done
    [[ ! -e /run/netns/$engine_space ]] || ip netns delete "$engine_space"
    rm -rf --one-file-system "$engine"
    [[ ! -e $engine ]]
}

engine_gone() { [[ ! -d /proc/$1 ]]; }
