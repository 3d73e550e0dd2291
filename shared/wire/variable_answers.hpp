#pragma once

#include "shared/base/clock.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// @file The JSON bodies of answers about the variables of a project's builds. Pure functions.

namespace libra {

struct VariableAnswer {
    std::string name{};
    std::optional<std::string> value{};  // absent for a secret
    bool secret{};
    UtcTime updated_at{};
};

std::string encode_variables(const std::vector<VariableAnswer>& variables, UtcTime timestamp);

std::string encode_set_variable(const VariableAnswer& variable, UtcTime timestamp);

/// `message` is for people.
std::string
encode_removed_variable(std::string_view name, std::string_view message, UtcTime timestamp);

}  // namespace libra
