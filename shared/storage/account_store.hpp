#pragma once

#include "shared/base/result.hpp"
#include "shared/storage/account_records.hpp"
#include "shared/storage/actor.hpp"
#include "shared/storage/admission_store.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// @file The credentials of users: who has which, making them and ending them.
///
/// Upstream: the gateway. Downstream: PostgreSQL, which has the digests of the secrets alone.

namespace libra {

/// Thread-safe; each call is one transaction; `unavailable` when the database does not answer.
/// Whether the caller may is the caller's business. What changes is in the audit log.
class AccountStore {
public:
    virtual ~AccountStore() = default;

    /// By the id of the organisation.
    virtual Result<std::vector<Membership>> memberships(const std::string& user_id) = 0;

    /// Those that were not revoked, expired ones too; newest first, starting after `before`.
    virtual Result<TokenPage>
    tokens(const std::string& user_id, std::optional<std::int64_t> before, int limit) = 0;

    /// One made with a token expires no later than that.
    virtual Result<TokenRecord>
    create_token(const NewToken& token, const Credential& maker, const Actor& actor) = 0;

    /// From then on it is good for nothing. Again is as good as once.
    /// @return `not_found` unless it is the user's; nobody's in particular with no `user_id`.
    virtual Result<void> revoke_token(
        const std::string& id,
        const std::optional<std::string>& user_id,
        const Actor& actor
    ) = 0;

    /// Those that have neither ended nor expired; newest first, starting after `before`.
    virtual Result<SessionPage>
    sessions(const std::string& user_id, std::optional<std::int64_t> before, int limit) = 0;

    virtual Result<SessionRecord> create_session(const NewSession& session, const Actor& actor) = 0;

    /// As revoke_token.
    virtual Result<void> end_session(
        const std::string& id,
        const std::optional<std::string>& user_id,
        const Actor& actor
    ) = 0;
};

}  // namespace libra
