#pragma once

#include "shared/http/message.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace libra {

struct RequestTarget {
    std::string_view raw_path{};  // a part of the text that was parsed
    std::string path{};           // decoded; `*` for the asterisk form
    std::vector<QueryParameter> query{};
};

/// The request target in origin, absolute or asterisk form (RFC 9112, 3.2). Pure.
/// @return nothing for anything else, the authority form of CONNECT included.
std::optional<RequestTarget> parse_target(std::string_view text);

}  // namespace libra
