#pragma once

#include "shared/http/message.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace libra {

/// The header Idempotency-Key of a request.
struct IdempotencyKey {
    std::optional<std::string> key{};  // none where the request has none
    bool valid{true};                  // 1 to 255 visible ASCII characters, and not sent twice
};

IdempotencyKey read_idempotency_key(const HttpRequest& request);

}  // namespace libra
