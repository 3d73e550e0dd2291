#pragma once

#include "shared/base/clock.hpp"
#include "shared/base/result.hpp"

#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

/// @file A place where sites are served.

namespace libra {

struct ReleaseSpec {
    std::string deployment_id{};
    std::string site_label{};
    std::optional<std::string> custom_domain{};
    std::filesystem::path artifact{};  // directory of regular files
};

struct ReleaseAddress {
    std::string url{};
    std::string preview_url{};  // this release's own, for as long as it is kept
};

/// Upstream: the deploy step, in this order: upload, verify, make_live. Each is idempotent. One
/// thread a deployment; different deployments at the same time.
class Target {
public:
    virtual ~Target() = default;

    virtual std::string_view name() const = 0;

    /// Puts the artifact where it can be served under its preview address. What is live stays so.
    /// @return `unavailable` (a full disk included, with the reason).
    virtual Result<ReleaseAddress> upload(const ReleaseSpec& release) = 0;

    /// Asks the preview address until it answers 200 with the release's own index page.
    /// @return `timed_out` if it did not by `deadline`, `cancelled` on `stop`.
    virtual Result<void>
    verify(const ReleaseSpec& release, Instant deadline, std::stop_token stop) = 0;

    /// Switches the project's addresses to the release, atomically: a request sees the one before
    /// or this one. Milliseconds.
    virtual Result<void> make_live(const ReleaseSpec& release) = 0;
};

}  // namespace libra
