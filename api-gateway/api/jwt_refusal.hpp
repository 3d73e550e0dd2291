#pragma once

#include "shared/base/clock.hpp"
#include "shared/base/log.hpp"
#include "shared/base/result.hpp"
#include "shared/http/message.hpp"

#include <functional>
#include <optional>
#include <string_view>

namespace libra {

/// Whether a JWT is good, and known to the stores from then on: JwtGate::admit. May block.
using JwtCheck = std::function<Result<void>(std::string_view token)>;

/// For an installation that trusts no issuer.
Result<void> trust_no_jwt(std::string_view token);

/// The answer to a request with a JWT that is refused, or that cannot be checked at the moment;
/// nothing for any other request. The client learns only that; the log learns why.
std::optional<HttpResponse>
refuse_jwt(const HttpRequest& request, const JwtCheck& check, UtcTime now, const Log& log);

}  // namespace libra
