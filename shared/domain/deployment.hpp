#pragma once

#include "shared/base/digest.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// @file The types of a deployment, as both services and every store see them.
///
/// Source of the names and states: SPEC, "HTTP API" and "The six steps".

namespace libra {

enum class DeploymentStatus { queued, in_progress, completed, failed, cancelled };

enum class StepName { validate, sync, sandbox, build, deploy, cleanup };

enum class StepStatus { pending, in_progress, completed, failed };

inline constexpr std::array k_steps{
    StepName::validate,
    StepName::sync,
    StepName::sandbox,
    StepName::build,
    StepName::deploy,
    StepName::cleanup,
};

/// First try and two retries (SPEC: The queue).
inline constexpr int k_max_attempts = 3;

/// Why a deployment exists. All but `deploy` are made from an earlier one: `retry` from its files,
/// `promote` and `rollback` from its finished release.
enum class DeploymentKind { deploy, retry, promote, rollback };

constexpr bool reuses_release(DeploymentKind kind) noexcept
{
    return kind == DeploymentKind::promote || kind == DeploymentKind::rollback;
}

std::string_view to_string(DeploymentStatus status) noexcept;
std::string_view to_string(DeploymentKind kind) noexcept;
std::string_view to_string(StepName step) noexcept;
std::string_view to_string(StepStatus status) noexcept;

/// @return nothing for a word that is not one of the enumerators.
std::optional<DeploymentStatus> parse_deployment_status(std::string_view word) noexcept;
std::optional<DeploymentKind> parse_deployment_kind(std::string_view word) noexcept;
std::optional<StepName> parse_step_name(std::string_view word) noexcept;
std::optional<StepStatus> parse_step_status(std::string_view word) noexcept;

/// True for the three states in which a deployment ends; only a redrive takes one out of `failed`.
bool is_terminal(DeploymentStatus status) noexcept;

/// Bytes kept in the object store under their digest.
struct BlobRef {
    Digest digest{};
    std::uint64_t bytes{};

    bool operator==(const BlobRef&) const = default;
};

/// A file that its organisation uploaded before: how many bytes it has is found when the deployment
/// is accepted, after which it is a BlobRef.
struct Upload {
    Digest digest{};

    bool operator==(const Upload&) const = default;
};

/// Text carried along, or a reference to it.
using Content = std::variant<std::string, BlobRef, Upload>;

struct SourceFile {
    std::string path{};  // obeys `path_problem`
    Content content{};

    bool operator==(const SourceFile&) const = default;
};

enum class Role { user, assistant };

struct HistoryMessage {
    Role role{Role::user};
    Content content{};

    bool operator==(const HistoryMessage&) const = default;
};

/// What to do when the project has an active deployment.
enum class OnConflict {
    reject,     // refuse the new one
    supersede,  // cancel the active one and take its place
    queue,      // run after it; of several that wait only the newest does
};

std::string_view to_string(OnConflict choice) noexcept;
std::optional<OnConflict> parse_on_conflict(std::string_view word) noexcept;

/// The body of POST /deploy. Made valid only by `wire/deploy_request`.
struct DeploymentParams {
    std::string project_id{};
    std::string org_id{};
    std::string user_id{};
    std::optional<std::string> custom_domain{};  // lower-case ASCII (punycode) form
    std::vector<SourceFile> init_files{};
    std::vector<HistoryMessage> history{};
    OnConflict on_conflict{OnConflict::reject};
    bool use_cache{true};  // false: nothing that an earlier deployment left stands for a part of it
    bool replace_files{};  // `init_files` are laid over nothing, instead of over the last source

    bool operator==(const DeploymentParams&) const = default;

    /// Whether any of the files is an Upload.
    bool has_uploads() const;
};

struct QueueMessage {
    std::string deployment_id{};
    DeploymentParams params{};
    std::string timestamp{};  // RFC 3339, when the message was written
    int retry_count{};
    int priority{};
};

}  // namespace libra
