#pragma once

#include "api-gateway/accounts/account_handler.hpp"

namespace libra {

/// GET /sessions.
class SessionListHandler final : public AccountHandler {
public:
    SessionListHandler(const Parts& parts, Log log);

protected:
    HttpResponse answer(const HttpRequest& request, const Principal& caller) override;
};

/// POST /sessions: for operators, after a user has signed in somewhere else.
class SessionCreateHandler final : public AccountHandler {
public:
    SessionCreateHandler(const Parts& parts, Log log);

protected:
    HttpResponse answer(const HttpRequest& request, const Principal& caller) override;
};

/// DELETE /sessions/{sessionId}.
class SessionEndHandler final : public AccountHandler {
public:
    SessionEndHandler(const Parts& parts, Log log);

protected:
    HttpResponse answer(const HttpRequest& request, const Principal& caller) override;
};

}  // namespace libra
