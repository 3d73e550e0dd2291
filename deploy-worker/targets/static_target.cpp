#include "deploy-worker/targets/static_target.hpp"

#include "deploy-worker/targets/release_tree.hpp"
#include "deploy-worker/targets/site_sweep.hpp"
#include "deploy-worker/targets/ticket_file.hpp"
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
constexpr std::string_view k_ticket{"ticket"};

bool is_file_name(std::string_view name)
{
    return !name.empty() && name.front() != '.' && !id_problem(name);
}

const Error k_unusable_name{Errc::invalid_input, "a name, label or domain that is no file name"};

bool usable(const ReleaseSpec& release)
{
    return is_file_name(release.name) && is_file_name(release.deployment_id) &&
           is_file_name(release.site_label);
}

bool usable(const SiteSwitch& site)
{
    return is_file_name(site.site_label) &&
           std::all_of(site.domains.begin(), site.domains.end(), is_file_name) &&
           (!site.release_name || is_file_name(*site.release_name));
}

fs::path link_target(const std::string& release_name)
{
    return fs::path{".."} / k_releases / release_name;
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

/// For how long nobody has answered, not even slowly.
struct Silence {
    std::optional<Instant> since{};

    std::chrono::nanoseconds after(const Result<HttpReply>& reply, Instant now)
    {
        const bool refused = reply.has_error() && reply.error().code == Errc::unavailable;
        since = refused ? since.value_or(now) : std::optional<Instant>{};
        return since ? now - *since : std::chrono::nanoseconds{0};
    }
};

}  // namespace

fs::path blobs_of(const fs::path& sites_root)
{
    return sites_root / ".blobs";
}

StaticTarget::StaticTarget(StaticTargetConfig config, HttpClient& client, Clock& clock)
    : config_{std::move(config)},
      blobs_{blobs_of(config_.sites_root)},
      client_{client},
      clock_{clock}
{
    // By it the static host knows that it has the right SITES_ROOT, also before the first release.
    std::error_code failed;
    fs::create_directory(config_.sites_root / k_releases, failed);
}

std::string StaticTarget::host_of(std::string_view label) const
{
    return site_host(config_.sites, label);
}

std::string StaticTarget::preview_host(const ReleaseSpec& release) const
{
    return host_of(preview_label(release.site_label, release.deployment_id));
}

fs::path StaticTarget::directory_of(const std::string& release_name) const
{
    return config_.sites_root / k_releases / release_name;
}

bool StaticTarget::has(const std::string& release_name)
{
    std::error_code failed;
    return is_file_name(release_name) && fs::is_directory(directory_of(release_name), failed);
}

Result<ReleaseAddress> StaticTarget::upload(const ReleaseSpec& release)
{
    if (!usable(release)) {
        return k_unusable_name;
    }
    // A directory has this name only once it is whole.
    if (!has(release.name)) {
        if (release.files.empty()) {
            return Error{Errc::not_found, "no release " + release.name};
        }
        const auto placed = place_tree(release.files, directory_of(release.name), blobs_);
        if (placed.has_error()) {
            return placed.error();
        }
    }
    const std::string preview = preview_host(release);
    const auto pointed = point_link(
        config_.sites_root / preview / k_current, link_target(release.name), release.name
    );
    if (pointed.has_error()) {
        return pointed.error();
    }
    return ReleaseAddress{
        .url = site_url(config_.sites, host_of(release.site_label)),
        .preview_url = site_url(config_.sites, preview),
    };
}

Result<void>
StaticTarget::verify(const ReleaseSpec& release, Instant deadline, std::stop_token stop)
{
    constexpr auto k_first_pause = 50ms;
    constexpr auto k_longest_pause = 1000ms;
    constexpr auto k_longest_silence = 15s;
    const auto page = read_page(directory_of(release.name) / "index.html");
    if (page.has_error()) {
        return page.error();
    }
    const std::string host = preview_host(release);
    HttpCall call{
        .url = config_.probe_url + "/",
        .headers = {{.name = "Host", .value = host}},
        .max_body_bytes = page->size() + 1,
    };
    Silence silence;
    for (auto pause = k_first_pause;; pause = std::min(2 * pause, k_longest_pause)) {
        const auto left =
            std::chrono::duration_cast<std::chrono::milliseconds>(deadline - clock_.now());
        call.timeout = std::clamp<std::chrono::milliseconds>(left, 1ms, 5000ms);
        const Result<HttpReply> reply = client_.send(call, stop);
        const std::string problem = complaint(reply, *page);
        if (problem.empty()) {
            return {};
        }
        if (silence.after(reply, clock_.now()) >= k_longest_silence) {
            return Error{
                Errc::unavailable,
                fmt::format("nobody answers at {}: {}", config_.probe_url, problem)};
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

Result<void> StaticTarget::switch_to(const SiteSwitch& site)
{
    if (!usable(site)) {
        return k_unusable_name;
    }
    std::vector<std::string> hosts{host_of(site.site_label)};
    hosts.insert(hosts.end(), site.domains.begin(), site.domains.end());
    return switch_hosts(hosts, site.ticket, site.release_name);
}

Result<void> StaticTarget::switch_name(const NameSwitch& change)
{
    if (!is_file_name(change.name) ||
        (change.release_name && !is_file_name(*change.release_name))) {
        return k_unusable_name;
    }
    const bool label = change.name.find('.') == std::string::npos;
    return switch_hosts(
        {label ? host_of(change.name) : change.name}, change.ticket, change.release_name
    );
}

Result<void> StaticTarget::switch_hosts(
    const std::vector<std::string>& hosts,
    std::int64_t ticket,
    const std::optional<std::string>& release_name
)
{
    if (release_name && !has(*release_name)) {
        return Error{Errc::not_found, "no release " + *release_name};
    }
    std::vector<TicketFile> seen;
    for (const std::string& host : hosts) {
        Result<TicketFile> file = TicketFile::lock(config_.sites_root / host / k_ticket, clock_);
        if (file.has_error()) {
            return file.error();
        }
        if (file->value() > ticket) {
            return Error{
                Errc::conflict,
                fmt::format("{} was switched by ticket {} already", host, file->value())};
        }
        seen.push_back(*std::move(file));
    }
    for (TicketFile& file : seen) {
        if (auto advanced = file.advance(ticket); advanced.has_error()) {
            return advanced;
        }
    }
    for (const std::string& host : hosts) {
        if (auto pointed = point_host(host, release_name); pointed.has_error()) {
            return pointed;
        }
    }
    return {};
}

Result<void> StaticTarget::point_host(
    const std::string& host,
    const std::optional<std::string>& release_name
) const
{
    const fs::path link = config_.sites_root / host / k_current;
    return release_name ? point_link(link, link_target(*release_name), *release_name)
                        : remove_link(link);
}

Result<std::vector<std::string>> StaticTarget::uploads()
{
    return list_releases(config_.sites_root / k_releases);
}

Result<void> StaticTarget::remove(const std::string& release_name)
{
    return is_file_name(release_name) ? discard_tree(directory_of(release_name)) : k_unusable_name;
}

Result<std::uint64_t> StaticTarget::tidy(const std::stop_token& stop)
{
    constexpr auto k_contents_idle = 1h;
    constexpr auto k_half_made_idle = 24h;
    const UtcTime now = clock_.utc_now();
    const fs::path releases = config_.sites_root / k_releases;
    if (auto cleared = clear_half_made(releases, now - k_half_made_idle, stop); !cleared) {
        return cleared.error();
    }
    if (auto removed = remove_dead_previews(config_.sites_root, stop); !removed) {
        return removed.error();
    }
    const Result<BlobStore::Sweep> swept = blobs_.sweep(now - k_contents_idle, stop);
    if (!swept) {
        return swept.error();
    }
    return swept->bytes;
}

}  // namespace libra
