#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// @file Where sites are reached, and the labels that people choose for them.

namespace libra {

/// The public address of the static host.
struct SiteAddress {
    std::string scheme{"http"};
    std::string domain{"localhost"};  // a site is `<label>.<domain>`
    std::uint16_t port{80};           // left out of addresses where it is the scheme's
};

std::string site_host(const SiteAddress& sites, std::string_view label);

std::string site_url(const SiteAddress& sites, std::string_view host);

/// What is wrong with a label that somebody chose: it must be a DNS label of lower case, at most 40
/// characters, and without `--`, which stands in the names of previews and of encoded names.
std::optional<std::string> label_problem(std::string_view label);

/// A label made of a project's name; always a good one, with room for a dash and six characters.
std::string label_from(std::string_view name);

}  // namespace libra
