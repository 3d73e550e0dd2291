#include "shared/base/log_settings.hpp"

namespace libra {

namespace {

LogLevel read_level(Environment& environment)
{
    const std::string word =
        environment.choice("LOG_LEVEL", "info", {"debug", "info", "warning", "error"});
    if (word == "debug") {
        return LogLevel::debug;
    }
    if (word == "warning") {
        return LogLevel::warning;
    }
    return word == "error" ? LogLevel::error : LogLevel::info;
}

}  // namespace

LogSettings read_log_settings(Environment& environment, bool stderr_is_terminal)
{
    const std::string format =
        environment.choice("LOG_FORMAT", stderr_is_terminal ? "text" : "json", {"json", "text"});
    return {
        .level = read_level(environment),
        .format = format == "text" ? LogFormat::text : LogFormat::json};
}

}  // namespace libra
