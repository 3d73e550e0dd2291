#include "api-gateway/accounts/account_endpoints.hpp"

namespace libra {

AccountEndpoints::AccountEndpoints(const AccountHandler::Parts& parts, const Log& log)
    : me_{parts, log},
      tokens_{parts, log},
      create_token_{parts, log},
      revoke_token_{parts, log},
      sessions_{parts, log},
      create_session_{parts, log},
      end_session_{parts, log}
{
}

Routes AccountEndpoints::routes()
{
    using enum Runs;
    using enum Access;
    using enum Takes;
    // clang-format off
    return {
        {"GET",    "/me",                   on_worker, credential, nothing, &me_},
        {"GET",    "/tokens",               on_worker, credential, nothing, &tokens_},
        {"POST",   "/tokens",               on_worker, credential, json,    &create_token_},
        {"DELETE", "/tokens/{tokenId}",     on_worker, credential, nothing, &revoke_token_},
        {"GET",    "/sessions",             on_worker, credential, nothing, &sessions_},
        {"POST",   "/sessions",             on_worker, credential, json,    &create_session_},
        {"DELETE", "/sessions/{sessionId}", on_worker, credential, nothing, &end_session_},
    };
    // clang-format on
}

}  // namespace libra
