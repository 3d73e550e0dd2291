#pragma once

#include "api-gateway/api/principal_handler.hpp"
#include "shared/base/random.hpp"
#include "shared/storage/account_store.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

/// @file What the endpoints about users' credentials have in common, and who the caller is.

namespace libra {

class AccountHandler : public PrincipalHandler {
public:
    struct Parts {
        AdmissionStore& admissions;
        AccountStore& accounts;
        Clock& clock;
        Random& random;
    };

    /// What `parts` refers to must outlive it.
    AccountHandler(const Parts& parts, std::string_view scope, Log log);

protected:
    struct Page {
        std::string user_id{};
        std::optional<std::int64_t> before{};
        int limit{};
    };

    AccountStore& accounts() const { return accounts_; }

    Random& random() const { return random_; }

    /// `userId` (the caller, unless it is an operator who asks for somebody else), `limit` and
    /// `cursor`; or the answer that refuses them.
    std::variant<Page, HttpResponse>
    read_page(const HttpRequest& request, const Principal& caller) const;

    static Actor actor_of(const HttpRequest& request, const Principal& caller);

    /// Whose credentials the caller may end: its own, or anybody's.
    static std::optional<std::string> reach_of(const Principal& caller);

private:
    AccountStore& accounts_;
    Random& random_;
};

/// GET /me.
class MeHandler final : public AccountHandler {
public:
    MeHandler(const Parts& parts, Log log);

protected:
    HttpResponse answer(const HttpRequest& request, const Principal& caller) override;
};

}  // namespace libra
