#pragma once

#include "shared/base/clock.hpp"
#include "shared/base/secrets.hpp"

#include <optional>
#include <string>
#include <vector>

/// @file The JSON bodies of /me, /tokens and /sessions. Pure functions.

namespace libra {

struct MembershipAnswer {
    std::string org_id{};
    std::string name{};
    std::string role{};
};

struct MeAnswer {
    std::string user_id{};
    bool service{};
    std::vector<std::string> scopes{};
    std::vector<MembershipAnswer> organizations{};
    UtcTime timestamp{};
};

std::string encode_me(const MeAnswer& answer);

struct TokenAnswer {
    std::string id{};
    std::string name{};
    std::string user_id{};
    bool service{};
    std::vector<std::string> scopes{};
    UtcTime created_at{};
    std::optional<UtcTime> expires_at{};
    std::optional<UtcTime> last_used_at{};
};

std::string encode_tokens(
    const std::vector<TokenAnswer>& tokens,
    const std::optional<std::string>& next_cursor,
    UtcTime timestamp
);

/// The only answer with a token in it.
std::string encode_new_token(const TokenAnswer& token, const Secret& secret, UtcTime timestamp);

std::string encode_revoked_token(const std::string& id, UtcTime timestamp);

struct SessionAnswer {
    std::string id{};
    std::string user_id{};
    UtcTime created_at{};
    UtcTime expires_at{};
};

std::string encode_sessions(
    const std::vector<SessionAnswer>& sessions,
    const std::optional<std::string>& next_cursor,
    UtcTime timestamp
);

std::string
encode_new_session(const SessionAnswer& session, const Secret& secret, UtcTime timestamp);

std::string encode_ended_session(const std::string& id, UtcTime timestamp);

}  // namespace libra
