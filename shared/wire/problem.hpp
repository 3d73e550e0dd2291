#pragma once

#include <string>
#include <vector>

/// @file What is wrong with a JSON document, all of it at once.

namespace libra {

struct Problem {
    std::string pointer{};  // RFC 6901; empty for the whole document
    std::string reason{};   // for the client; does not repeat the value

    bool operator==(const Problem&) const = default;
};

using Problems = std::vector<Problem>;

}  // namespace libra
