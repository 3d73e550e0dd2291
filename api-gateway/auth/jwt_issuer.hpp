#pragma once

#include "shared/wire/jwt.hpp"

#include <string>

namespace libra {

/// Whose JWTs are credentials here.
struct JwtIssuer {
    std::string keys_url{};  // of its JWKS; http or https
    JwtRules rules{};
};

}  // namespace libra
