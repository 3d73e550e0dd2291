#pragma once

#include "deploy-worker/blobs/blob_store.hpp"
#include "deploy-worker/targets/target.hpp"
#include "shared/base/clock.hpp"
#include "shared/domain/site_address.hpp"
#include "shared/net/http_client.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

/// @file Sites as directories that a static web server serves by host name.
///
///     SITES_ROOT/.releases/<name>/                    a release, never changed
///     SITES_ROOT/.blobs/                              the contents of its files (BlobStore)
///     SITES_ROOT/<label>--<hash>.<domain>/current  →  ../.releases/<name>   its preview
///     SITES_ROOT/<label>.<domain>/current          →  ../.releases/<name>   what is live
///     SITES_ROOT/<label>.<domain>/ticket              of the switch that was; locked by a switch
///     SITES_ROOT/<custom domain>/…                    the same two
///
/// The server serves `SITES_ROOT/{host}/current` and needs no reload. Links are relative, so the
/// root may be mounted elsewhere for it.

namespace libra {

struct StaticTargetConfig {
    std::filesystem::path sites_root{};
    SiteAddress sites{};
    std::string probe_url{"http://127.0.0.1:80"};  // the server, as this worker reaches it
};

/// Where the contents of releases below `sites_root` are.
std::filesystem::path blobs_of(const std::filesystem::path& sites_root);

/// Any number of workers may share one SITES_ROOT.
class StaticTarget final : public Target {
public:
    /// `client` and `clock` must outlive the target. SITES_ROOT is made at the first upload.
    StaticTarget(StaticTargetConfig config, HttpClient& client, Clock& clock);

    std::string_view name() const override { return "static"; }

    bool has(const std::string& release_name) override;

    /// Links or copies; sources stay the caller's, who must not write to them any more. Returns
    /// after the release is on the disk (fsync).
    /// @return also `invalid_input` for an id or name that cannot be a file name.
    Result<ReleaseAddress> upload(const ReleaseSpec& release) override;

    Result<void>
    verify(const ReleaseSpec& release, Instant deadline, std::stop_token stop) override;

    /// Holds a lock on every host's ticket while it compares and switches, so that none is switched
    /// unless all may be.
    Result<void> switch_to(const SiteSwitch& site) override;

    Result<void> switch_name(const NameSwitch& change) override;

    Result<std::vector<std::string>> uploads() override;

    Result<void> remove(const std::string& release_name) override;

    /// Contents stay for an hour after their last use, half-made things for a day.
    Result<std::uint64_t> tidy(const std::stop_token& stop) override;

private:
    std::string host_of(std::string_view label) const;
    std::string preview_host(const ReleaseSpec& release) const;
    std::filesystem::path directory_of(const std::string& release_name) const;
    Result<void> switch_hosts(
        const std::vector<std::string>& hosts,
        std::int64_t ticket,
        const std::optional<std::string>& release_name
    );
    Result<void>
    point_host(const std::string& host, const std::optional<std::string>& release_name) const;

    StaticTargetConfig config_;
    BlobStore blobs_;
    HttpClient& client_;
    Clock& clock_;
};

}  // namespace libra
