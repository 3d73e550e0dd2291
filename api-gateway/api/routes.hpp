#pragma once

#include "api-gateway/api/route.hpp"

/// @file Every endpoint of the gateway, in one table.

namespace libra {

struct Handlers {
    Handler& deploy;
    Handler& deployment_status;
    Handler& health;
    Handler& service;
    Handler& docs;
    Handler& docs_script;
    Handler& openapi;
    Handler& alive;
    Handler& ready;
    Handler& metrics;
};

/// The handlers must outlive the table.
Routes make_routes(const Handlers& to);

}  // namespace libra
