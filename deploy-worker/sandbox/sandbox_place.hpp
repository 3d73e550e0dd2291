#pragma once

#include "deploy-worker/sandbox/local_config.hpp"

#include <cstddef>
#include <filesystem>
#include <string>

/// @file The names and paths that one local sandbox has on the host.

namespace libra {

/// Everything of a sandbox is found again from its name alone, so that what a killed worker left
/// behind can be freed without any record of it.
///
/// The name is used for the container, its cgroup, its network namespace and its directory, three
/// of which are known to the whole machine: it begins with `sandbox_prefix`.
struct SandboxPlace {
    std::string name{};
    std::filesystem::path directory{};

    std::filesystem::path image() const { return directory / "disk.img"; }

    std::filesystem::path disk() const { return directory / "disk"; }  // where `image` is mounted

    std::filesystem::path work() const { return disk() / "work"; }  // /work in the sandbox

    std::filesystem::path home() const { return disk() / "home"; }  // /home/build

    std::filesystem::path tmp() const { return disk() / "tmp"; }  // /tmp

    std::filesystem::path hosts() const { return directory / "hosts"; }  // /etc/hosts

    // Of what /work and the home began with, or will for others (layer.hpp).
    std::filesystem::path layer() const { return disk() / "layer"; }

    std::filesystem::path base_image(std::size_t number) const
    {
        return directory / ("base-" + std::to_string(number) + ".img");
    }

    std::filesystem::path base(std::size_t number) const  // where it is mounted
    {
        return directory / ("base-" + std::to_string(number));
    }

    std::filesystem::path network_namespace() const { return "/run/netns/" + name; }
};

/// `libra-HASH-WORKER-`, where HASH is of the worker's id and state directory: two workers differ
/// in it even if one of the two is the same.
std::string sandbox_prefix(const LocalSandboxConfig& config);

/// The place of the sandbox that is called `prefix` + id.
SandboxPlace sandbox_place(const LocalSandboxConfig& config, const std::string& name);

/// Ids of 1 to 128 characters from `[A-Za-z0-9._-]`; anything else could not be a file's name.
bool valid_sandbox_id(const std::string& id);

}  // namespace libra
