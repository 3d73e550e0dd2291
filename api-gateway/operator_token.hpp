#pragma once

#include <string>

namespace libra {

/// `libra-gateway operator-token USER`: makes a service token with the scope `admin` and prints it,
/// which is how an installation gets its first one. @return the exit code.
int make_operator_token(const std::string& user_id);

}  // namespace libra
