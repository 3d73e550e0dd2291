#pragma once

#include "shared/base/clock.hpp"
#include "shared/base/digest.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// @file Tokens, sessions and memberships, as the account store gives and takes them.

namespace libra {

struct Membership {
    std::string org_id{};
    std::string name{};  // of the organisation
    std::string role{};
};

struct TokenRecord {
    std::string id{};
    std::string name{};
    std::string user_id{};
    bool service{};
    std::vector<std::string> scopes{};
    UtcTime created_at{};
    std::optional<UtcTime> expires_at{};
    std::optional<UtcTime> last_used_at{};  // to within five minutes
};

struct TokenPage {
    std::vector<TokenRecord> tokens{};
    std::optional<std::int64_t> next{};
};

struct NewToken {
    Digest digest{};  // of the secret
    std::string id{};
    std::string name{};
    std::string user_id{};
    bool service{};
    std::vector<std::string> scopes{};
    std::optional<int> days{};  // none: it does not expire
};

struct SessionRecord {
    std::string id{};
    std::string user_id{};
    UtcTime created_at{};
    UtcTime expires_at{};
};

struct SessionPage {
    std::vector<SessionRecord> sessions{};
    std::optional<std::int64_t> next{};
};

struct NewSession {
    Digest digest{};
    std::string id{};
    std::string user_id{};
    int days{};
};

}  // namespace libra
