#pragma once

#include "shared/site_rules/header_rules.hpp"
#include "shared/site_rules/redirect_rules.hpp"

#include <cstddef>
#include <filesystem>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

/// @file The releases that are served, each with its own rules.
///
/// Upstream: SITES_ROOT as StaticTarget (deploy-worker/targets) leaves it. Nothing is written
/// there.

namespace libra {

struct ServedRelease {
    std::string name{};  // of its directory below SITES_ROOT/.releases
    std::filesystem::path directory{};
    RedirectRules redirects{};
    HeaderRules headers{};

    /// Whether the release has a file that the static host shows for the path of a request: that
    /// file, a page without its extension, or the index page of a folder. Looks at the disk.
    bool shows(std::string_view path) const;
};

/// Thread-safe. Rules are read once a release, which never changes; those of the releases asked for
/// last are kept.
class ServedSites {
public:
    static constexpr std::size_t k_most_kept = 2000;
    static constexpr std::size_t k_most_kept_bytes = std::size_t{64} << 20U;  // of rules, as text

    explicit ServedSites(std::filesystem::path sites_root);

    /// What `host` serves at this moment; nothing where that is no site. Blocks for the disk.
    std::shared_ptr<const ServedRelease> find(std::string_view host);

private:
    struct Kept {
        std::shared_ptr<const ServedRelease> release{};
        std::size_t bytes{};
    };

    using Order = std::list<Kept>;  // what was asked for last comes first

    std::shared_ptr<const ServedRelease> known(const std::string& name);
    void keep(std::shared_ptr<const ServedRelease> release, std::size_t bytes);

    std::filesystem::path root_;
    std::mutex mutex_;
    Order order_;
    std::map<std::string, Order::iterator, std::less<>> by_name_;
    std::size_t bytes_{};
};

}  // namespace libra
