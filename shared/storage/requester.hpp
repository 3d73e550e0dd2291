#pragma once

#include <string>

namespace libra {

/// Who asks for something in an organisation's name.
struct Requester {
    std::string user_id{};
    bool everywhere{};         // acts as an owner in every organisation
    std::string request_id{};  // for the audit log
};

}  // namespace libra
