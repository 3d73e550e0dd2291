#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

/// @file The sentences in which causes and fixes are told: data.

namespace libra {

struct Explanation {
    std::string likely_cause{};
    std::string fix{};
};

/// The first sentence of `cause` all of whose names `details` has; nothing if there is none.
std::optional<Explanation>
sentences_for(std::string_view cause, const std::map<std::string, std::string>& details);

}  // namespace libra
