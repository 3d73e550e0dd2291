#pragma once

#include "api-gateway/accounts/account_handler.hpp"
#include "shared/wire/account_requests.hpp"

namespace libra {

/// GET /tokens.
class TokenListHandler final : public AccountHandler {
public:
    TokenListHandler(const Parts& parts, Log log);

protected:
    HttpResponse answer(const HttpRequest& request, const Principal& caller) override;
};

/// POST /tokens.
class TokenCreateHandler final : public AccountHandler {
public:
    TokenCreateHandler(const Parts& parts, Log log);

protected:
    HttpResponse answer(const HttpRequest& request, const Principal& caller) override;

private:
    HttpResponse
    create(const HttpRequest& request, const Principal& caller, const NewTokenRequest& wanted);
};

/// DELETE /tokens/{tokenId}.
class TokenRevokeHandler final : public AccountHandler {
public:
    TokenRevokeHandler(const Parts& parts, Log log);

protected:
    HttpResponse answer(const HttpRequest& request, const Principal& caller) override;
};

}  // namespace libra
