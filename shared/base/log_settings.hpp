#pragma once

#include "shared/base/env.hpp"
#include "shared/base/log.hpp"

/// @file LOG_LEVEL and LOG_FORMAT, the same for every service.

namespace libra {

struct LogSettings {
    LogLevel level{LogLevel::info};
    LogFormat format{LogFormat::json};
};

/// Without LOG_FORMAT a terminal gets text and everything else JSON.
LogSettings read_log_settings(Environment& environment, bool stderr_is_terminal);

}  // namespace libra
