#pragma once

#include "shared/storage/account_store.hpp"

#include <optional>
#include <string>
#include <vector>

namespace libra::testing {

/// Answers what it is told to, and keeps what it was asked.
class FakeAccountStore final : public AccountStore {
public:
    struct Call {
        std::string what{};
        std::string id{};
        std::optional<std::string> user_id{};
        std::optional<std::int64_t> before{};
        int limit{};
        Actor actor{};
    };

    Result<std::vector<Membership>> memberships(const std::string& user_id) override
    {
        calls.push_back({.what = "memberships", .user_id = user_id});
        return member_of;
    }

    Result<TokenPage>
    tokens(const std::string& user_id, std::optional<std::int64_t> before, int limit) override
    {
        calls.push_back({.what = "tokens", .user_id = user_id, .before = before, .limit = limit});
        return token_page;
    }

    Result<TokenRecord>
    create_token(const NewToken& token, const Credential& maker, const Actor& actor) override
    {
        calls.push_back({.what = "create_token", .id = token.id, .actor = actor});
        made_tokens.push_back(token);
        makers.push_back(maker);
        if (down) {
            return *down;
        }
        return TokenRecord{
            .id = token.id,
            .name = token.name,
            .user_id = token.user_id,
            .service = token.service,
            .scopes = token.scopes};
    }

    Result<void> revoke_token(
        const std::string& id,
        const std::optional<std::string>& user_id,
        const Actor& actor
    ) override
    {
        calls.push_back({.what = "revoke_token", .id = id, .user_id = user_id, .actor = actor});
        return ended;
    }

    Result<SessionPage>
    sessions(const std::string& user_id, std::optional<std::int64_t> before, int limit) override
    {
        calls.push_back({.what = "sessions", .user_id = user_id, .before = before, .limit = limit});
        return session_page;
    }

    Result<SessionRecord> create_session(const NewSession& session, const Actor& actor) override
    {
        calls.push_back({.what = "create_session", .id = session.id, .actor = actor});
        made_sessions.push_back(session);
        if (down) {
            return *down;
        }
        return SessionRecord{.id = session.id, .user_id = session.user_id};
    }

    Result<void> end_session(
        const std::string& id,
        const std::optional<std::string>& user_id,
        const Actor& actor
    ) override
    {
        calls.push_back({.what = "end_session", .id = id, .user_id = user_id, .actor = actor});
        return ended;
    }

    Result<std::vector<Membership>> member_of{std::vector<Membership>{}};
    Result<TokenPage> token_page{TokenPage{}};
    Result<SessionPage> session_page{SessionPage{}};
    Result<void> ended{};
    std::optional<Error> down{};
    std::vector<NewToken> made_tokens{};
    std::vector<Credential> makers{};
    std::vector<NewSession> made_sessions{};
    std::vector<Call> calls{};
};

}  // namespace libra::testing
