#include "deploy-worker/sandbox/sandbox_place.hpp"

#include "shared/base/digest.hpp"

#include <algorithm>
#include <string_view>

namespace libra {
namespace {

bool name_character(char c)
{
    constexpr std::string_view k_punctuation = "._-";
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           k_punctuation.find(c) != std::string_view::npos;
}

}  // namespace

std::string sandbox_prefix(const LocalSandboxConfig& config)
{
    constexpr std::size_t k_hash_digits = 10;
    constexpr std::size_t k_worker_characters = 40;
    const std::string identity =
        config.worker_id + '\0' + config.state_directory.lexically_normal().string();
    std::string worker = config.worker_id.substr(0, k_worker_characters);
    std::replace_if(
        worker.begin(), worker.end(), [](char c) { return !name_character(c); }, '_'
    );
    return "libra-" + sha256(identity).hex().substr(0, k_hash_digits) + '-' + worker + '-';
}

SandboxPlace sandbox_place(const LocalSandboxConfig& config, const std::string& name)
{
    return {.name = name, .directory = config.state_directory / "live" / name};
}

bool valid_sandbox_id(const std::string& id)
{
    constexpr std::size_t k_most_characters = 128;
    return !id.empty() && id.size() <= k_most_characters &&
           std::all_of(id.begin(), id.end(), name_character);
}

}  // namespace libra
