#pragma once

#include "api-gateway/accounts/account_handler.hpp"
#include "api-gateway/accounts/session_handlers.hpp"
#include "api-gateway/accounts/token_handlers.hpp"

/// @file /me and every endpoint of /tokens and /sessions.

namespace libra {

class AccountEndpoints {
public:
    /// What `parts` refers to must outlive it.
    AccountEndpoints(const AccountHandler::Parts& parts, const Log& log);

    /// Valid as long as this object.
    Routes routes();

private:
    MeHandler me_;
    TokenListHandler tokens_;
    TokenCreateHandler create_token_;
    TokenRevokeHandler revoke_token_;
    SessionListHandler sessions_;
    SessionCreateHandler create_session_;
    SessionEndHandler end_session_;
};

}  // namespace libra
