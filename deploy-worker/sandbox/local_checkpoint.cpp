// Setting aside what a sandbox holds, and keeping it when the sandbox is gone.

#include "deploy-worker/sandbox/beneath.hpp"
#include "deploy-worker/sandbox/layer.hpp"
#include "deploy-worker/sandbox/local_sandbox.hpp"
#include "deploy-worker/sandbox/tree_removal.hpp"

#include <fcntl.h>

namespace libra {

namespace fs = std::filesystem;

Result<void> LocalSandbox::checkpoint(const fs::path& tree, const fs::path& image)
{
    if (image_ || !running_ || !lowers_.work.empty()) {
        return Error{Errc::unavailable, "the sandbox " + place_.name + " cannot be set aside"};
    }
    const UniqueFd uploaded{::open(tree.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (!uploaded) {
        return Error{Errc::unavailable, errno_text("cannot open " + tree.string(), errno)};
    }
    // A first look while everything runs still, so that a refusal costs nothing.
    {
        const Result<UniqueFd> work = open_work();
        if (!work) {
            return work.error();
        }
        if (Result<void> same = check_unchanged(work->native(), uploaded.native()); !same) {
            return same;
        }
    }
    if (Result<void> killed = kill_container(); !killed) {
        return killed;
    }
    {
        const Result<UniqueFd> work = open_work();
        if (!work) {
            return work.error();
        }
        if (Result<void> removed = remove_tree(work->native(), uploaded.native()); !removed) {
            return Error{Errc::unavailable, removed.error().detail};
        }
    }
    if (Result<void> moved = set_layer_aside(place_, lowers_, users_, host_.clock); !moved) {
        return moved;
    }
    Result<void> laid = lay_over(place_, lowers_, users_, host_.config.overlay, host_.clock);
    if (!laid) {
        return laid;
    }
    if (Result<void> back = upload(tree); !back) {
        return back;
    }
    image_ = image;
    return start_container();
}

/// Part of destroy. What is lost costs an installation next time, and nothing else.
void LocalSandbox::keep_image()
{
    if (!image_) {
        return;
    }
    Result<void> kept = kill_container();
    if (kept) {
        kept = take_image(place_, *image_, host_.clock);
    }
    if (!kept) {
        host_.log.warning("a sandbox's image was not kept", {{"reason", kept.error().detail}});
    }
    image_.reset();
}

}  // namespace libra
