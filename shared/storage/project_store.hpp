#pragma once

#include "shared/base/clock.hpp"
#include "shared/base/digest.hpp"
#include "shared/base/result.hpp"
#include "shared/storage/work_store.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

/// @file What the validate and sync steps ask of a project and its organisation.

namespace libra {

/// What was true at admission and may have changed since.
struct Standing {
    bool project_active{};
    bool project_in_org{};
    bool caller_may_deploy{};
};

struct QuotaAnswer {
    bool taken{};         // now, or by an earlier attempt of the same deployment
    std::string plan{};   // `free` or `paid`; empty when there was none left
    UtcTime resets_at{};  // of the plan that is full and comes back first; zero if none is
    int limit{};          // of all plans together
};

/// A variable of a build as it is stored.
struct StoredVariable {
    std::string name{};
    std::string value{};  // of a secret: sealed (SecretBox) for `variable_binding`
    bool secret{};
};

/// A finished release of the project that may stand for a build.
struct ReusableBuild {
    std::string deployment_id{};  // whose build it is
    UploadedArtifact artifact{};
    std::chrono::milliseconds took{};  // sandbox and build
};

/// The newest release of a project that went live before a deployment.
struct GoodRelease {
    std::string deployment_id{};
    UtcTime finished_at{};
    std::optional<Digest> source{};
    // Of the build that made it, where another deployment did; JSON:
    std::optional<std::string> variable_versions{};  // when each variable was set, by name
    std::optional<std::string> build{};              // as its statistics tell
};

struct ReleaseComparison {
    std::optional<std::string> variable_versions{};  // of this deployment
    std::optional<GoodRelease> last_good{};
};

/// Thread-safe; blocks and fails (`fenced`, `unavailable`) like WorkStore.
class ProjectStore {
public:
    virtual ~ProjectStore() = default;

    virtual Result<Standing> standing(const Lease& lease) = 0;

    /// Takes one deployment from the organisation's free allowance, else from its paid one, once a
    /// deployment however often it is called. An allowance whose period is over is refreshed first.
    virtual Result<QuotaAnswer> take_quota(const Lease& lease) = 0;

    /// Gives `hostname` to the deployment's project, or confirms that it has it.
    /// @return false if another project has it.
    virtual Result<bool> reserve_domain(const Lease& lease, const std::string& hostname) = 0;

    /// The manifest digest this deployment's files are laid on: that of the newest older deployment
    /// of the project that got past sync; for a retry, older than what it repeats. Decided at the
    /// first call, so that a later attempt sees the same. Nothing for a first deployment.
    virtual Result<std::optional<Digest>> base_source(const Lease& lease) = 0;

    /// The template that the project's first files are laid on, if it has one.
    virtual Result<std::optional<std::string>> site_template(const Lease& lease) = 0;

    /// What the project's builds have in their environment now, by name. Notes when each was set.
    virtual Result<std::vector<StoredVariable>> variables(const Lease& lease) = 0;

    /// Writes down what the deployment's site is built from. @return the newest release of the
    /// project that was built from the same; whether the target has it still is not known here.
    virtual Result<std::optional<ReusableBuild>>
    note_build(const Lease& lease, const Digest& key) = 0;

    /// What a failed build is compared with.
    virtual Result<ReleaseComparison> last_good_release(const Lease& lease) = 0;

    /// Does not wait for the disk; ReleaseStore::record_upload writes it again and does.
    virtual Result<void> set_source(const Lease& lease, const Digest& manifest) = 0;
};

}  // namespace libra
