#include "shared/base/log_level_signals.hpp"

#include <catch2/catch.hpp>

#include <condition_variable>
#include <csignal>
#include <mutex>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

namespace libra::testing {
namespace {

/// The last line, for whoever waits for one.
class LastLine final : public LogSink {
public:
    void write(LogLevel /*level*/, std::string_view line) override
    {
        const std::scoped_lock lock{mutex_};
        line_ = line;
        written_.notify_one();
    }

    /// @return whether the next line names `level`.
    bool names(std::string_view level)
    {
        std::unique_lock lock{mutex_};
        written_.wait(lock, [this] { return !line_.empty(); });
        const std::string line = std::exchange(line_, {});
        return line.find("log_level=" + std::string{level}) != std::string::npos;
    }

private:
    std::mutex mutex_;
    std::condition_variable written_;
    std::string line_;
};

/// In a process of its own: threads of this one do not block the signals.
bool levels_follow(LogLevel configured, std::string_view more, std::string_view back)
{
    const pid_t child = ::fork();
    if (child == 0) {
        LastLine sink;
        Redactor redactor;
        const LogLevelSignals signals{Log{"test", configured, LogFormat::text, sink, redactor}};
        ::kill(::getpid(), SIGUSR1);
        const bool said_more = sink.names(more);
        ::kill(::getpid(), SIGUSR2);
        ::_exit(said_more && sink.names(back) ? 0 : 1);
    }
    int status = -1;
    REQUIRE(::waitpid(child, &status, 0) == child);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

}  // namespace

TEST_CASE("one signal makes the log say more, and another what was configured")
{
    CHECK(levels_follow(LogLevel::error, "warning", "error"));
    CHECK(levels_follow(LogLevel::warning, "info", "warning"));
    CHECK(levels_follow(LogLevel::info, "debug", "info"));
    CHECK(levels_follow(LogLevel::debug, "debug", "debug"));
}

TEST_CASE("a log's level changes for every copy of it")
{
    LastLine sink;
    Redactor redactor;
    const Log log{"test", LogLevel::info, LogFormat::text, sink, redactor};
    const Log copy = log.with({{"log_level", "debug"}});

    log.set_least(LogLevel::debug);
    copy.debug("detail");

    CHECK(sink.names("debug"));
}

}  // namespace libra::testing
