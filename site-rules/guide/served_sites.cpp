#include "site-rules/guide/served_sites.hpp"

#include <algorithm>
#include <fstream>
#include <optional>
#include <system_error>
#include <utility>

namespace libra {

namespace fs = std::filesystem;

namespace {

bool is_lower_alphanumeric(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

/// The host becomes part of a path: labels begin and end with a letter or digit, so neither `..`
/// nor the hidden folders of SITES_ROOT can be meant.
bool is_host_name(std::string_view host)
{
    constexpr std::size_t k_longest = 253;
    if (host.empty() || host.size() > k_longest) {
        return false;
    }
    while (true) {
        const std::size_t end = std::min(host.find('.'), host.size());
        const std::string_view label = host.substr(0, end);
        const bool good = !label.empty() && is_lower_alphanumeric(label.front()) &&
                          is_lower_alphanumeric(label.back()) &&
                          std::all_of(label.begin(), label.end(), [](char c) {
                              return is_lower_alphanumeric(c) || c == '-';
                          });
        if (!good) {
            return false;
        }
        if (end == host.size()) {
            return true;
        }
        host.remove_prefix(end + 1);
    }
}

/// The release's name where `link` leads to one.
std::optional<std::string> name_behind(const fs::path& link)
{
    std::error_code failed;
    const fs::path target = fs::read_symlink(link, failed);
    const std::string name = target.filename().string();
    const bool release = !failed && target == fs::path{"../.releases"} / name && !name.empty() &&
                         name.front() != '.';
    return release ? std::optional{name} : std::nullopt;
}

bool is_file(const fs::path& path)
{
    std::error_code failed;
    return fs::is_regular_file(fs::symlink_status(path, failed));
}

/// Empty where it is not there. One byte more than may count shows that there is more.
std::string read_rules(const fs::path& file)
{
    std::string text;
    std::ifstream in{file, std::ios::binary};
    if (is_file(file) && in.is_open()) {
        text.resize(k_rules_file_most_bytes + 1);
        in.read(text.data(), static_cast<std::streamsize>(text.size()));
        text.resize(static_cast<std::size_t>(in.gcount()));
        text.shrink_to_fit();
    }
    return text;
}

/// No part of it is hidden or leads upwards.
bool stays_inside(std::string_view path)
{
    return path.find("/.") == std::string_view::npos && path.find('\0') == std::string_view::npos;
}

}  // namespace

bool ServedRelease::shows(std::string_view path) const
{
    const std::string plain = unescaped(path);
    if (!plain.starts_with('/') || !stays_inside(plain)) {
        return false;
    }
    const fs::path file = directory.string() + plain;
    if (plain.ends_with('/')) {
        return is_file(file / "index.html");
    }
    return is_file(file) || is_file(file.string() + ".html") || is_file(file / "index.html");
}

ServedSites::ServedSites(fs::path sites_root) : root_{std::move(sites_root)} {}

std::shared_ptr<const ServedRelease> ServedSites::find(std::string_view host)
{
    if (!is_host_name(host)) {
        return nullptr;
    }
    const auto name = name_behind(root_ / host / "current");
    if (!name) {
        return nullptr;
    }
    if (auto kept = known(*name)) {
        return kept;
    }
    std::error_code failed;
    const fs::path directory = root_ / ".releases" / *name;
    if (!fs::is_directory(directory, failed)) {
        return nullptr;
    }
    const std::string redirects = read_rules(directory / "_redirects");
    const std::string headers = read_rules(directory / "_headers");
    RuleWarnings told_at_the_build;
    auto release = std::make_shared<const ServedRelease>(ServedRelease{
        .name = *name,
        .directory = directory,
        .redirects = RedirectRules::parse(redirects, told_at_the_build),
        .headers = HeaderRules::parse(headers, told_at_the_build)});
    keep(release, redirects.size() + headers.size());
    return release;
}

std::shared_ptr<const ServedRelease> ServedSites::known(const std::string& name)
{
    const std::scoped_lock lock{mutex_};
    const auto found = by_name_.find(name);
    if (found == by_name_.end()) {
        return nullptr;
    }
    order_.splice(order_.begin(), order_, found->second);
    return found->second->release;
}

void ServedSites::keep(std::shared_ptr<const ServedRelease> release, std::size_t bytes)
{
    const std::scoped_lock lock{mutex_};
    const std::string name = release->name;
    if (by_name_.contains(name)) {
        return;
    }
    order_.push_front({std::move(release), bytes});
    by_name_.emplace(name, order_.begin());
    bytes_ += bytes;
    while (order_.size() > k_most_kept || (bytes_ > k_most_kept_bytes && order_.size() > 1)) {
        bytes_ -= order_.back().bytes;
        by_name_.erase(order_.back().release->name);
        order_.pop_back();
    }
}

}  // namespace libra
