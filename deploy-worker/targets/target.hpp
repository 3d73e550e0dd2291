#pragma once

#include "shared/base/clock.hpp"
#include "shared/base/digest.hpp"
#include "shared/base/result.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

/// @file A place where sites are served.

namespace libra {

/// One file of a release and where its bytes are.
struct ReleaseFile {
    std::string path{};              // relative, `/` between the names
    std::filesystem::path source{};  // a regular file that nobody writes to any more
    std::uint64_t bytes{};
    Digest content{};         // SHA-256 of it, or, where `form` is set, of what it is a form of
    std::string_view form{};  // "": the file itself; else how it is encoded
};

struct ReleaseSpec {
    std::string name{};  // of this upload alone: no other attempt, not even of the same deployment
    std::string deployment_id{};
    std::string site_label{};
    std::vector<ReleaseFile> files{};  // none where `has(name)`
};

/// What a project's addresses are to serve.
struct SiteSwitch {
    std::string site_label{};
    std::vector<std::string> domains{};         // custom ones
    std::int64_t ticket{};                      // grows with every switch that is decided
    std::optional<std::string> release_name{};  // nothing: the addresses serve nothing any more
};

/// What one address is to serve.
struct NameSwitch {
    std::string name{};  // a custom domain, or a label (which has no dot)
    std::int64_t ticket{};
    std::optional<std::string> release_name{};
};

struct ReleaseAddress {
    std::string url{};
    std::string preview_url{};  // this release's own, for as long as it is kept
};

/// Upstream: the deploy step, in this order: upload, verify, switch_to; the rescuer. Each is
/// idempotent. Thread-safe.
class Target {
public:
    virtual ~Target() = default;

    virtual std::string_view name() const = 0;

    /// Whether a finished upload of that name is there.
    virtual bool has(const std::string& release_name) = 0;

    /// Puts the files where they can be served under the release's preview address, unless they are
    /// there under its name already. What is live stays so.
    /// @return `not_found` where it is not there and there are no files; `unavailable` (a full disk
    ///         included, with the reason).
    virtual Result<ReleaseAddress> upload(const ReleaseSpec& release) = 0;

    /// Asks the preview address until it answers 200 with the release's own index page.
    /// @return `timed_out` if it did not by `deadline`, `unavailable` already after 15 s of nothing
    ///         but refused or broken connections, `cancelled` on `stop`.
    virtual Result<void>
    verify(const ReleaseSpec& release, Instant deadline, std::stop_token stop) = 0;

    /// Switches the project's addresses, each atomically: a request sees what was served before or
    /// what is from now on. Milliseconds, or up to a few seconds while another process is at it.
    ///
    /// A worker that was paused in here and goes on much later does no harm: what it brings is
    /// older than what it finds.
    /// @return `conflict` when a switch with a later ticket was here, and nothing has changed;
    ///         `not_found` if the release was not uploaded; `unavailable`.
    virtual Result<void> switch_to(const SiteSwitch& site) = 0;

    /// The same for a single address, one that a project has got or lost.
    virtual Result<void> switch_name(const NameSwitch& change) = 0;

    /// The names of all finished uploads, of whomever. @return `unavailable`.
    virtual Result<std::vector<std::string>> uploads() = 0;

    /// Removes an upload, at once for everybody who looks, and then its bytes. The caller makes
    /// sure that no address serves it or is going to. Idempotent. @return `unavailable`.
    virtual Result<void> remove(const std::string& release_name) = 0;

    /// Removes what no upload needs: contents, preview addresses that lead nowhere, and what
    /// crashes left half-made or half-removed. Takes up to minutes; ends early on `stop`.
    /// @return the bytes that came free; `unavailable`.
    virtual Result<std::uint64_t> tidy(const std::stop_token& stop) = 0;
};

}  // namespace libra
