#include "deploy-worker/targets/static_target.hpp"

#include "deploy-worker/targets/release_tree.hpp"
#include "shared/domain/rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <system_error>
#include <utility>
#include <vector>

using namespace std::chrono_literals;

namespace libra {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view k_releases{".releases"};
constexpr std::string_view k_current{"current"};

bool is_file_name(std::string_view name)
{
    return !name.empty() && name.front() != '.' && !id_problem(name);
}

Result<void> check(const ReleaseSpec& release)
{
    const bool usable = is_file_name(release.deployment_id) && is_file_name(release.site_label) &&
                        (!release.custom_domain || is_file_name(*release.custom_domain));
    if (!usable) {
        return Error{Errc::invalid_input, "an id, label or domain that cannot be a file name"};
    }
    return {};
}

fs::path link_target(const ReleaseSpec& release)
{
    return fs::path{".."} / k_releases / release.deployment_id;
}

Result<std::string> read_page(const fs::path& file)
{
    std::ifstream in{file, std::ios::binary};
    std::string bytes{std::istreambuf_iterator<char>{in}, {}};
    if (!in.is_open() || in.bad()) {
        return Error{Errc::not_found, "no release page " + file.string()};
    }
    return bytes;
}

/// Nothing when `reply` is `page`, else what is wrong with it.
std::string complaint(const Result<HttpReply>& reply, std::string_view page)
{
    if (reply.has_error()) {
        return fmt::format("{}: {}", to_string(reply.error().code), reply.error().detail);
    }
    if (reply->status != 200) {
        return fmt::format("status {}", reply->status);
    }
    return reply->body == page ? "" : fmt::format("another page of {} bytes", reply->body.size());
}

}  // namespace

StaticTarget::StaticTarget(StaticTargetConfig config, HttpClient& client, Clock& clock)
    : config_{std::move(config)}, client_{client}, clock_{clock}
{
}

std::string StaticTarget::host_of(std::string_view label) const
{
    return fmt::format("{}.{}", label, config_.domain);
}

std::string StaticTarget::url_of(const std::string& host) const
{
    const bool usual = config_.public_port == (config_.scheme == "https" ? 443 : 80);
    return usual ? fmt::format("{}://{}/", config_.scheme, host)
                 : fmt::format("{}://{}:{}/", config_.scheme, host, config_.public_port);
}

fs::path StaticTarget::release_directory(const ReleaseSpec& release) const
{
    return config_.sites_root / k_releases / release.deployment_id;
}

bool StaticTarget::is_live(const ReleaseSpec& release) const
{
    const auto points_here = [&](const std::string& host) {
        std::error_code failed;
        const fs::path link = config_.sites_root / host / k_current;
        return fs::read_symlink(link, failed) == link_target(release);
    };
    return points_here(host_of(release.site_label)) ||
           (release.custom_domain && points_here(*release.custom_domain));
}

Result<ReleaseAddress> StaticTarget::upload(const ReleaseSpec& release)
{
    if (auto checked = check(release); checked.has_error()) {
        return checked.error();
    }
    const fs::path directory = release_directory(release);
    std::error_code failed;
    bool placed = fs::is_directory(directory, failed);
    if (placed && !is_live(release)) {
        const auto same = same_tree(release.artifact, directory);
        if (same.has_error()) {
            return same.error();
        }
        placed = *same;
    }
    if (!placed) {
        if (auto copied = place_tree(release.artifact, directory); copied.has_error()) {
            return copied.error();
        }
    }
    const std::string preview = host_of(preview_label(release.site_label, release.deployment_id));
    const auto pointed = point_link(
        config_.sites_root / preview / k_current, link_target(release), release.deployment_id
    );
    if (pointed.has_error()) {
        return pointed.error();
    }
    return ReleaseAddress{
        .url = url_of(host_of(release.site_label)),
        .preview_url = url_of(preview),
    };
}

Result<void>
StaticTarget::verify(const ReleaseSpec& release, Instant deadline, std::stop_token stop)
{
    constexpr auto k_first_pause = 50ms;
    constexpr auto k_longest_pause = 1000ms;
    const auto page = read_page(release_directory(release) / "index.html");
    if (page.has_error()) {
        return page.error();
    }
    const std::string host = host_of(preview_label(release.site_label, release.deployment_id));
    HttpCall call{
        .url = config_.probe_url + "/",
        .headers = {{.name = "Host", .value = host}},
        .max_body_bytes = page->size() + 1,
    };
    for (auto pause = k_first_pause;; pause = std::min(2 * pause, k_longest_pause)) {
        const auto left =
            std::chrono::duration_cast<std::chrono::milliseconds>(deadline - clock_.now());
        call.timeout = std::clamp<std::chrono::milliseconds>(left, 1ms, 5000ms);
        const std::string problem = complaint(client_.send(call, stop), *page);
        if (problem.empty()) {
            return {};
        }
        if (stop.stop_requested() || (left > pause && !clock_.wait_for(pause, stop))) {
            return Error{Errc::cancelled, "stopped while waiting for " + host};
        }
        if (left <= pause) {
            return Error{
                Errc::timed_out,
                fmt::format("{} asked for {}: {}", config_.probe_url, host, problem)};
        }
    }
}

Result<void> StaticTarget::make_live(const ReleaseSpec& release)
{
    if (auto checked = check(release); checked.has_error()) {
        return checked;
    }
    std::error_code failed;
    if (!fs::is_directory(release_directory(release), failed)) {
        return Error{Errc::not_found, "no release " + release_directory(release).string()};
    }
    std::vector<std::string> hosts{host_of(release.site_label)};
    if (release.custom_domain) {
        hosts.push_back(*release.custom_domain);
    }
    for (const std::string& host : hosts) {
        auto pointed = point_link(
            config_.sites_root / host / k_current, link_target(release), release.deployment_id
        );
        if (pointed.has_error()) {
            return pointed;
        }
    }
    return {};
}

}  // namespace libra
