#pragma once

#include "shared/domain/failure.hpp"
#include "shared/domain/site_manifest.hpp"

#include <optional>
#include <string>
#include <vector>

/// @file What a finished site must be, whoever made it, and what it is not likely meant to be.

namespace libra {

struct SiteLimits;
struct SiteTree;

/// The user failure `no_index_html`, `too_many_site_files`, `site_file_too_large` or
/// `site_too_large`; nothing if all is well.
std::optional<Failure> objection_to(const SiteTree& tree, const SiteLimits& limits);

/// What is no reason to refuse a site, but not likely meant: a line for the log each.
std::vector<std::string> warnings_about(const SiteManifest& site);

}  // namespace libra
