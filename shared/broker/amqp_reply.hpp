#pragma once

#include "shared/base/result.hpp"

#include <amqp.h>

#include <string>
#include <string_view>

/// @file rabbitmq-c's answers as ours. For the sources of this room; no other header includes it.

namespace libra {

std::string text_of(const amqp_bytes_t& bytes);

/// Points into `text`, which must outlive the use.
amqp_bytes_t bytes_of(std::string_view text);

/// @return `rejected` with the broker's own words when it closed the channel or connection over
///         this; `unavailable` when it did not answer.
Result<void> check_reply(const amqp_rpc_reply_t& reply, std::string_view what);

/// @return `unavailable` unless `status` is AMQP_STATUS_OK.
Result<void> check_status(int status, std::string_view what);

}  // namespace libra
