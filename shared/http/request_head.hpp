#pragma once

#include "shared/http/error_kind.hpp"
#include "shared/http/message.hpp"

#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/system/error_code.hpp>

#include <string>

/// @file From what Beast parsed to what the application sees, with the checks Beast leaves to us.

namespace libra {

/// Fills everything but `body`, `client` and `request_id`; `into` holds views of `message`.
/// @return what is wrong with it, or null.
const ErrorKind* fill_request(
    const boost::beast::http::request<boost::beast::http::string_body>& message,
    HttpRequest& into
);

/// The client waits for `100 Continue` before it sends the body.
bool expects_continue(const HttpRequest& request);

/// X-Forwarded-For as one list, whichever way the proxies wrote it: some add a line of their own
/// below the client's.
std::string forwarded_for(const HttpRequest& request);

/// What to tell the client when Beast could not read its request, or its head; null when the
/// client has gone.
const ErrorKind* explain_read_failure(const boost::system::error_code& failed, bool in_head);

}  // namespace libra
