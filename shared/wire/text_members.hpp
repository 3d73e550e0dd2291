#pragma once

#include "shared/wire/findings.hpp"
#include "shared/wire/json.hpp"

#include <functional>
#include <string_view>

namespace libra {

struct FoundMember {
    const JsonValue* value{nullptr};  // null where the member is missing or null
    std::size_t position{0};
};

/// @return nothing found also where `object` is not an object.
FoundMember locate(const JsonValue& object, std::string_view name);

using TextVisitor =
    std::function<void(std::string_view text, std::size_t index, const Place& where)>;

/// Calls `visit` for every string at `object[list][…][member]`, passing over whatever has another
/// shape: the schema has complained about that.
void for_each_text(
    const JsonValue& object,
    const Place& place,
    std::string_view list,
    std::string_view member,
    const TextVisitor& visit
);

/// Adds what `path_problem` says of every string at `object[list][…].path`.
void check_each_path(
    const JsonValue& object,
    const Place& place,
    std::string_view list,
    Findings& findings
);

}  // namespace libra
