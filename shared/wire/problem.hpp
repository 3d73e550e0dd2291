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

/// The text is not JSON of the kind we read: not UTF-8, too deep (32), a duplicate key, a NUL, text
/// after the document.
struct Unreadable {
    std::string reason{};
};

}  // namespace libra
