#pragma once

#include "shared/wire/json.hpp"

#include <valijson/constraints/concrete_constraints.hpp>

#include <string_view>

namespace libra {

using JsonType = valijson::constraints::TypeConstraint::JsonType;

/// A whole number is one written without fraction and exponent, and of at most 64 bits.
bool has_type(const JsonValue& value, JsonType type);

/// `a string`, `an array`, …
std::string_view words_for(JsonType type);

}  // namespace libra
