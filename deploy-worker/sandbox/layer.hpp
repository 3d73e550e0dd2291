#pragma once

#include "deploy-worker/sandbox/sandbox.hpp"
#include "deploy-worker/sandbox/sandbox_place.hpp"
#include "deploy-worker/sandbox/uid_range.hpp"
#include "shared/base/clock.hpp"
#include "shared/base/result.hpp"

#include <filesystem>
#include <vector>

/// @file What a sandbox begins with: a read-only layer below its /work and its home.
///
/// A layer is the directory `layer` of a disk image, with `work` and `home` in it. It is below an
/// overlay, so nothing is copied and nothing that is done in the sandbox reaches it. Where the
/// kernel has no overlay for it, its content is copied instead.

namespace libra {

/// What is below a sandbox's directories: directories of the host, the first on top.
struct Lowers {
    std::vector<std::filesystem::path> work{};
    std::vector<std::filesystem::path> home{};
};

/// Mounts the spec's images read-only, as if the user ids of `users` had made them. The sandbox has
/// names of its own for the images from then on (hard links), so nobody else's removal takes them
/// away.
/// @return `rejected` if one is no such image or is damaged; `unavailable` for a failure of the
///         host, an image on another file system included.
Result<Lowers>
mount_images(const SandboxPlace& place, const SandboxSpec& spec, const UidRange& users);

/// Makes what `lowers` hold appear in the sandbox's own `work` and `home`, which must be empty.
/// @param overlay false: by copying, in any case.
Result<void> lay_over(
    const SandboxPlace& place,
    const Lowers& lowers,
    const UidRange& users,
    bool overlay,
    Clock& clock
);

/// Removes what is in neither a directory nor a file of one of `names`, at any depth. Nothing may
/// be running there.
/// @return `unavailable`, which a tree that is made for it can bring about.
Result<void>
keep_only(const std::filesystem::path& directory, const std::vector<std::string>& names);

/// Ends the overlays, moves what was written in `work` and `home` to `place.layer()`, puts that on
/// top of `lowers`, and makes empty directories. No process may be using them.
Result<void>
set_layer_aside(const SandboxPlace& place, Lowers& lowers, const UidRange& users, Clock& clock);

/// Makes an image of the disk that has nothing but `place.layer()`, and puts it at `image`, on the
/// same file system; unmounts the disk. The container must be gone.
Result<void>
take_image(const SandboxPlace& place, const std::filesystem::path& image, Clock& clock);

/// Ends the overlays and unmounts the images. Nothing happens if there are none. Waits up to 2 s.
Result<void> unmount_overlays(const SandboxPlace& place, Clock& clock);
Result<void> unmount_images(const SandboxPlace& place, Clock& clock);

}  // namespace libra
