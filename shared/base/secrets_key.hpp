#pragma once

#include "shared/base/env.hpp"
#include "shared/base/secret_box.hpp"

#include <optional>

namespace libra {

/// The box of SECRETS_KEY; nothing where that is not set. A bad value is left in
/// `environment.problems()`.
std::optional<SecretBox> read_secret_box(Environment& environment);

}  // namespace libra
