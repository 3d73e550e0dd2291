#pragma once

#include "shared/storage/account_store.hpp"
#include "shared/storage/pg_pool.hpp"

namespace libra {

class PgAccountStore final : public AccountStore {
public:
    /// `pool` must outlive it.
    explicit PgAccountStore(PgPool& pool) : pool_{pool} {}

    Result<std::vector<Membership>> memberships(const std::string& user_id) override;
    Result<TokenPage>
    tokens(const std::string& user_id, std::optional<std::int64_t> before, int limit) override;
    Result<TokenRecord>
    create_token(const NewToken& token, const Credential& maker, const Actor& actor) override;
    Result<void> revoke_token(
        const std::string& id,
        const std::optional<std::string>& user_id,
        const Actor& actor
    ) override;
    Result<SessionPage>
    sessions(const std::string& user_id, std::optional<std::int64_t> before, int limit) override;
    Result<SessionRecord> create_session(const NewSession& session, const Actor& actor) override;
    Result<void> end_session(
        const std::string& id,
        const std::optional<std::string>& user_id,
        const Actor& actor
    ) override;

private:
    PgPool& pool_;
};

}  // namespace libra
