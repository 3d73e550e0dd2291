#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <sys/types.h>
#include <vector>

/// @file What the operator decides about sandboxes on this host.

namespace libra {

/// What runs the containers: programs of the host's kernel, or of gVisor's.
enum class SandboxRuntime { crun, runsc };

struct LocalSandboxConfig {
    SandboxRuntime runtime{SandboxRuntime::crun};

    /// Disks and container state. Every directory above it must be open to others (o+x): the
    /// container's user passes through on the way to its disk. Not on a tmpfs.
    std::filesystem::path state_directory{"/var/lib/libra/sandboxes"};

    /// Tells this worker's sandboxes from those of other workers on the host. A restarted worker
    /// that is to clean up after its earlier life has the same id and state directory.
    std::string worker_id{};

    /// What a sandbox may reach besides the public internet: `ADDRESS`, `ADDRESS/BITS` or a host
    /// name, IPv4, each with `:PORT` or with 80 and 443; such as a registry on a private network.
    std::vector<std::string> allowed_destinations{};

    /// If there are any: the only public hosts a sandbox reaches, by name. Their addresses are
    /// those of the moment the sandbox is made, which it finds in its /etc/hosts; it has no other
    /// names.
    std::vector<std::string> registry_hosts{};

    std::uint64_t command_output_bytes{
        64U << 20U};  // what a command may print; of the rest only the end is kept

    /// Whether what a sandbox begins with is put below an overlay where the kernel can do that; it
    /// is copied otherwise.
    bool overlay{true};

    /// User ids `first_uid` and up, 65,536 a sandbox, belong to sandboxes alone. Workers of one
    /// host share them out through locks in `uid_lock_directory`, so both settings must be the same
    /// for all of them.
    uid_t first_uid{2'000'000'000};
    int uid_ranges{1024};
    std::filesystem::path uid_lock_directory{"/run/libra/uid-ranges"};
};

}  // namespace libra
