#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

/// @file The rules of SPEC, "Limits", that a JSON Schema cannot express, and the names of sites.
///
/// A `…_problem` function returns nothing for a good value, else the reason in words that can be
/// shown to the client and that do not repeat the value.

namespace libra {

inline constexpr std::size_t k_max_path_bytes = 1024;

/// A path is relative and normalized, 1 to 1,024 bytes, its names up to 255, without `..`, NUL,
/// backslash or control characters, and not under `.git/` or `node_modules/` at any depth.
std::optional<std::string> path_problem(std::string_view path);

/// The form in which two paths may not be equal within one deployment, because on some file system
/// they would be one file: Unicode's case folding, composed (NFC). What is no UTF-8 stays as it is.
std::string path_fold(std::string_view path);

/// Ids of projects, organisations and users: 1 to 128 of `[A-Za-z0-9._-]`.
std::optional<std::string> id_problem(std::string_view id);

/// What people call a project or an organisation: not blank, no control characters.
std::optional<std::string> name_problem(std::string_view name);

struct HostName {
    std::string ascii{};    // lower case, punycode
    std::string problem{};  // empty when `ascii` is usable
};

/// Checks a custom domain: a valid host name (IDNA 2008 allowed) with a dot, not an IP address, and
/// neither equal to `platform_domain` nor below it.
HostName check_custom_domain(std::string_view host, std::string_view platform_domain);

/// The DNS label under which a project is served: the id itself where it is a valid label of at
/// most 40 characters without `--`, else a readable part of it and a hash. Different ids never
/// share one.
std::string site_label(std::string_view project_id);

/// The label of a single release, `<site label>--<12 hex digits>`. Its hash reveals nothing of the
/// deployment id, which is a permission.
std::string preview_label(std::string_view site_label, std::string_view deployment_id);

}  // namespace libra
