#pragma once

#include <string>

namespace libra {

/// Who changes something, for the audit log.
struct Actor {
    std::string user_id{};
    std::string request_id{};
};

}  // namespace libra
