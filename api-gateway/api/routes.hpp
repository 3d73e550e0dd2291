#pragma once

#include "api-gateway/api/route.hpp"

/// @file Every endpoint of the gateway, in one table.

namespace libra {

struct Handlers {
    Handler& deploy;
    Handler& deployment_status;
    Handler& deployment_cancel;
    Handler& deployment_queue;
    Handler& letter_list;
    Handler& letter_detail;
    Handler& letter_requeue;
    Handler& letters_requeue;
    Handler& letter_discard;
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
