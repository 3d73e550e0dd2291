#pragma once

#include "shared/base/log.hpp"

#include <mutex>
#include <string>
#include <vector>

namespace libra::testing {

/// Keeps every line. Offers a ready `Log` that writes JSON at debug level.
class RecordingLog final : public LogSink {
public:
    void write(LogLevel /*level*/, std::string_view line) override
    {
        const std::scoped_lock lock{mutex_};
        lines_.emplace_back(line);
    }

    std::vector<std::string> lines() const
    {
        const std::scoped_lock lock{mutex_};
        return lines_;
    }

    Log log() { return Log{"test", LogLevel::debug, LogFormat::json, *this, redactor_}; }

    Redactor& redactor() { return redactor_; }

private:
    mutable std::mutex mutex_;
    std::vector<std::string> lines_;
    Redactor redactor_;
};

}  // namespace libra::testing
