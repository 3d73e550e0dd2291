#pragma once

#include "shared/base/result.hpp"
#include "shared/domain/build_settings.hpp"
#include "shared/wire/findings.hpp"
#include "shared/wire/json.hpp"

#include <optional>
#include <string>
#include <string_view>

/// @file Settings of a project's builds: as clients send them, and as they are stored.
///
/// Source of the rules: proto-schemas/build-settings.json.

namespace libra {

/// Adds what the schema cannot express of the member `build` of `request`: paths, and characters of
/// commands.
void check_build_settings(const JsonValue& request, Findings& findings);

/// The members of the member `build`, which has been checked, as one JSON object, with null for
/// what is to be removed and paths without `./` and `/` around them; nothing where there is no such
/// member.
std::optional<std::string> build_changes(const JsonValue& request);

/// @return `invalid_input` if it is no object of texts, as `build_changes` writes them and the
///         database keeps them.
Result<BuildSettings> decode_build_settings(std::string_view json);

}  // namespace libra
