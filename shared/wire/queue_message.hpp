#pragma once

#include "shared/base/result.hpp"
#include "shared/domain/deployment.hpp"

#include <string>
#include <string_view>

/// @file The message between gateway and worker.
///
/// Source: proto-schemas/queue-message.json. Unknown extra fields are ignored, so that versions can
/// be mixed during a rolling update.

namespace libra {

/// Pure. @return `invalid_input` with every problem in the detail: the message is poison.
Result<QueueMessage> decode_queue_message(std::string_view body);

/// What PostgreSQL's function queue_message writes; here for tests and tools.
std::string encode_queue_message(const QueueMessage& message);

/// The `params` object alone, as it is stored with a deployment.
Result<DeploymentParams> decode_params(std::string_view params_json);

}  // namespace libra
