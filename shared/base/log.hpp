#pragma once

#include "shared/base/secrets.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

/// @file The service log: one JSON object a line on standard error, readable text on a terminal.

namespace libra {

enum class LogLevel { debug, info, warning, error };

enum class LogFormat { json, text };

struct LogField {
    std::string_view key{};  // lower snake case; `request_id`, `deployment_id`, `step`, …
    std::string value{};
};

using LogFields = std::vector<LogField>;

/// Receives finished lines, without the line end. Thread-safe implementations only.
class LogSink {
public:
    virtual ~LogSink() = default;
    virtual void write(LogLevel level, std::string_view line) = 0;
};

/// Standard error, through spdlog; never throws, and drops a line rather than block a caller for
/// ever.
std::unique_ptr<LogSink> stderr_sink();

/// Cheap to copy; a copy made by `with` carries its fields into every line. Thread-safe.
///
/// Everything, message and fields, passes the redactor before it is written.
class Log {
public:
    /// `sink` and `redactor` must outlive every copy.
    Log(std::string service, LogLevel least, LogFormat format, LogSink& sink, Redactor& redactor);

    Log with(const LogFields& fields) const;

    LogLevel least() const;

    /// For every copy, from its next line on.
    void set_least(LogLevel least) const;

    void debug(std::string_view message, const LogFields& fields = {}) const;
    void info(std::string_view message, const LogFields& fields = {}) const;
    void warning(std::string_view message, const LogFields& fields = {}) const;
    void error(std::string_view message, const LogFields& fields = {}) const;

private:
    struct Destination;

    void write(LogLevel level, std::string_view message, const LogFields& fields) const;

    std::shared_ptr<Destination> destination_;
    std::string bound_;  // fields of `with`, already in the output form
};

const char* to_string(LogLevel level);

/// Appends `text` to `out` with the escapes JSON needs; bytes that are not UTF-8 become U+FFFD.
void append_json_escaped(std::string& out, std::string_view text);

}  // namespace libra
