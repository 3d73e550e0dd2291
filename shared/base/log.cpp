#include "shared/base/log.hpp"

#include "shared/base/clock.hpp"
#include "shared/base/text.hpp"

#include <fmt/format.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <atomic>
#include <utility>

namespace libra {

namespace {

/// For a terminal, where a line end inside a value would look like the next line.
std::string one_line(std::string_view text)
{
    std::string line{text};
    std::replace(line.begin(), line.end(), '\n', ' ');
    return printable_utf8(line);
}

void append_field(std::string& out, LogFormat format, std::string_view key, std::string_view value)
{
    if (format == LogFormat::text) {
        out += fmt::format(" {}={}", key, one_line(value));
        return;
    }
    out += fmt::format(R"(,"{}":")", key);
    append_json_escaped(out, value);
    out += '"';
}

class StderrSink final : public LogSink {
public:
    StderrSink() : logger_{"libra", std::make_shared<spdlog::sinks::stderr_sink_mt>()}
    {
        logger_.set_pattern("%v");
        logger_.set_level(spdlog::level::trace);
    }

    void write(LogLevel /*level*/, std::string_view line) override
    {
        logger_.log(spdlog::level::info, "{}", line);
    }

private:
    spdlog::logger logger_;
};

}  // namespace

struct Log::Destination {
    Destination(std::string name, LogLevel level, LogFormat how, LogSink& where, Redactor& secrets)
        : service{std::move(name)}, least{level}, format{how}, sink{where}, redactor{secrets}
    {
    }

    std::string service;
    std::atomic<LogLevel> least;
    LogFormat format;
    LogSink& sink;
    Redactor& redactor;
};

const char* to_string(LogLevel level)
{
    switch (level) {
    case LogLevel::debug:
        return "debug";
    case LogLevel::info:
        return "info";
    case LogLevel::warning:
        return "warning";
    case LogLevel::error:
        return "error";
    }
    return "error";
}

std::unique_ptr<LogSink> stderr_sink()
{
    return std::make_unique<StderrSink>();
}

void append_json_escaped(std::string& out, std::string_view text)
{
    while (!text.empty()) {
        const std::size_t length = utf8_length(text);
        const char first = text.front();
        if (length == 0) {
            out += "\xEF\xBF\xBD";
        } else if (first == '"' || first == '\\') {
            out += '\\';
            out += first;
        } else if (first == '\n') {
            out += "\\n";
        } else if (length == 1 && static_cast<unsigned char>(first) < 0x20) {
            out += fmt::format("\\u{:04x}", static_cast<unsigned>(first));
        } else {
            out += text.substr(0, length);
        }
        text.remove_prefix(length == 0 ? 1 : length);
    }
}

Log::Log(std::string service, LogLevel least, LogFormat format, LogSink& sink, Redactor& redactor)
    : destination_{std::make_shared<Destination>(std::move(service), least, format, sink, redactor)}
{
}

Log Log::with(const LogFields& fields) const
{
    Log copy{*this};
    for (const LogField& field : fields) {
        append_field(
            copy.bound_, destination_->format, field.key, destination_->redactor.redact(field.value)
        );
    }
    return copy;
}

LogLevel Log::least() const
{
    return destination_->least;
}

void Log::set_least(LogLevel least) const
{
    destination_->least = least;
}

void Log::debug(std::string_view message, const LogFields& fields) const
{
    write(LogLevel::debug, message, fields);
}

void Log::info(std::string_view message, const LogFields& fields) const
{
    write(LogLevel::info, message, fields);
}

void Log::warning(std::string_view message, const LogFields& fields) const
{
    write(LogLevel::warning, message, fields);
}

void Log::error(std::string_view message, const LogFields& fields) const
{
    write(LogLevel::error, message, fields);
}

void Log::write(LogLevel level, std::string_view message, const LogFields& fields) const
{
    if (level < destination_->least) {
        return;
    }
    // A log line tells when it was written, which no caller needs to control.
    const std::string clean = destination_->redactor.redact(message);
    const std::string time = to_rfc3339(SystemClock{}.utc_now());
    std::string line;
    if (destination_->format == LogFormat::text) {
        line = fmt::format("{} {:7} {}", time.substr(11, 12), to_string(level), one_line(clean));
    } else {
        line = fmt::format(
            R"({{"time":"{}","level":"{}","service":"{}","message":")",
            time,
            to_string(level),
            destination_->service
        );
        append_json_escaped(line, clean);
        line += '"';
    }
    line += bound_;
    for (const LogField& field : fields) {
        append_field(
            line, destination_->format, field.key, destination_->redactor.redact(field.value)
        );
    }
    if (destination_->format == LogFormat::json) {
        line += '}';
    }
    destination_->sink.write(level, line);
}

}  // namespace libra
