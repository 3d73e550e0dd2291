#pragma once

#include "shared/wire/problem.hpp"

#include <string>
#include <string_view>
#include <variant>

/// @file The body of PUT /projects/{id}/env/{name}. Pure.
///
/// Source of the rules: proto-schemas/new-variable.json.

namespace libra {

struct VariableRequest {
    std::string value{};
    bool secret{};

    bool operator==(const VariableRequest&) const = default;
};

/// No problem repeats the value.
std::variant<VariableRequest, Problems, Unreadable> parse_variable(std::string_view body);

}  // namespace libra
