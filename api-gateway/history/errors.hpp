#pragma once

#include "api-gateway/api/errors.hpp"

namespace libra {

inline constexpr ErrorKind k_files_not_listed{
    404,
    "files_not_listed",
    "This deployment has published nothing yet, or did so before files were listed."};

}  // namespace libra
