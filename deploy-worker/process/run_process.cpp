#include "deploy-worker/process/run_process.hpp"

#include "deploy-worker/process/line_splitter.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>
#include <utility>

namespace libra {
namespace {

constexpr std::size_t k_read_bytes = 64U << 10U;  // what a pipe holds
constexpr std::uint64_t k_line_cost = 65;         // with its end
constexpr std::size_t k_last_bytes = 16U << 10U;  // of what is beyond a limit

/// How much of `bytes` the budget pays for. Once it does not pay for all, it is empty.
std::size_t spend(std::uint64_t& budget, std::string_view bytes)
{
    std::size_t paid = 0;
    while (paid < bytes.size()) {
        const std::size_t line = std::min(bytes.find('\n', paid), bytes.size()) - paid;
        if (line > budget) {
            return paid + static_cast<std::size_t>(std::exchange(budget, 0));
        }
        paid += line;
        budget -= line;
        if (paid == bytes.size()) {
            break;
        }
        if (budget < k_line_cost) {
            budget = 0;
            return paid;
        }
        ++paid;
        budget -= k_line_cost;
    }
    return paid;
}

/// One of the two output pipes: our end, and the lines made of what arrives there.
class OutputPipe {
public:
    OutputPipe(OutputStream stream, const OutputLimits& limits, LineSink& sink)
        : sink_{sink}, lines_{stream, limits.line_bytes, sink}
    {
    }

    Result<UniqueFd> open(const OutputLimits& limits)
    {
        Result<Pipe> pipe = open_pipe();
        if (!pipe) {
            return pipe.error();
        }
        ends_ = std::move(pipe->read_end);
        if (::fcntl(ends_.native(), F_SETFL, O_NONBLOCK) != 0) {
            return Error{Errc::unavailable, errno_text("fcntl", errno)};
        }
        if (limits.owner && ::fchown(pipe->write_end.native(), *limits.owner, *limits.owner) != 0) {
            return Error{Errc::unavailable, errno_text("cannot give a pipe away", errno)};
        }
        return std::move(pipe->write_end);
    }

    /// @return false if there was nothing to read now, or ever again.
    bool read(std::uint64_t& budget, bool& dropped)
    {
        // 64 KiB that read() fills; clearing them first would be half of the work.
        // NOLINTNEXTLINE(cppcoreguidelines-pro-type-member-init)
        std::array<char, k_read_bytes> buffer;
        const ssize_t got = ends_ ? ::read(ends_.native(), buffer.data(), buffer.size()) : -1;
        if (got == 0) {
            ends_.reset();
        }
        if (got <= 0) {
            return false;
        }
        const std::string_view bytes{buffer.data(), static_cast<std::size_t>(got)};
        const std::size_t taken = spend(budget, bytes);
        dropped = dropped || taken < bytes.size();
        lines_.feed(bytes.substr(0, taken));
        keep_last(bytes.substr(taken));
        return true;
    }

    void finish()
    {
        lines_.finish();
        if (last_.empty()) {
            return;
        }
        sink_.line(OutputStream::err, "[too much output: all but its last lines is dropped here]");
        const std::string_view last{last_};
        lines_.feed(last.substr(last.find('\n') + 1));
        lines_.finish();
    }

    /// poll() leaves a closed one, which is -1, alone.
    pollfd watched() const { return {ends_.native(), POLLIN, 0}; }

private:
    void keep_last(std::string_view bytes)
    {
        last_ += bytes;
        if (last_.size() > k_last_bytes) {
            last_.erase(0, last_.size() - k_last_bytes);
        }
    }

    LineSink& sink_;
    LineSplitter lines_;
    std::string last_{};
    UniqueFd ends_;
};

class Run {
public:
    Run(LineSink& sink, const OutputLimits& limits, Clock& clock)
        : clock_{clock},
          budget_{limits.total_bytes},
          out_{OutputStream::out, limits, sink},
          err_{OutputStream::err, limits, sink}
    {
    }

    Result<ChildProcess> start(const ProcessSpec& spec, const OutputLimits& limits)
    {
        const Result<UniqueFd> out = out_.open(limits);
        if (!out) {
            return out.error();
        }
        const Result<UniqueFd> err = err_.open(limits);
        if (!err) {
            return err.error();
        }
        return ChildProcess::start(spec, {.output = out->native(), .error = err->native()});
    }

    Result<ProcessExit> finish(ChildProcess& child, Instant deadline, const std::stop_token& stop)
    {
        const UniqueFd wake{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
        const std::stop_callback on_stop{stop, [&wake] { ::eventfd_write(wake.native(), 1); }};

        while (!ended_) {
            if (stop.stop_requested()) {
                return Error{Errc::cancelled, "stopped while a program ran"};
            }
            if (clock_.now() >= deadline) {
                return Error{Errc::timed_out, "a program ran past its deadline"};
            }
            wait_for_news(child, wake, deadline);
        }
        // What the child wrote is in the pipes by now. Somebody it left behind may go on writing.
        constexpr int k_most_reads = 16;
        for (OutputPipe* pipe : {&out_, &err_}) {
            for (int reads = 0; reads < k_most_reads && pipe->read(budget_, dropped_); ++reads) {
            }
            pipe->finish();
        }
        return ProcessExit{child.wait(), dropped_};
    }

private:
    void wait_for_news(const ChildProcess& child, const UniqueFd& wake, Instant deadline)
    {
        using std::chrono::milliseconds;
        std::array<pollfd, 4> watched{
            out_.watched(),
            err_.watched(),
            pollfd{child.exit_descriptor(), POLLIN, 0},
            pollfd{wake.native(), POLLIN, 0}};
        const auto left = std::chrono::ceil<milliseconds>(deadline - clock_.now());
        const auto pause = std::clamp(left, milliseconds{0}, milliseconds{60'000});
        ::poll(watched.data(), watched.size(), static_cast<int>(pause.count()));
        out_.read(budget_, dropped_);
        err_.read(budget_, dropped_);
        ended_ = watched[2].revents != 0;
    }

    Clock& clock_;
    std::uint64_t budget_;
    OutputPipe out_;
    OutputPipe err_;
    bool dropped_{false};
    bool ended_{false};
};

class Capture final : public LineSink {
public:
    void line(OutputStream /*stream*/, std::string_view line) override
    {
        text_ += line;
        text_ += '\n';
    }

    std::string take() { return std::move(text_); }

private:
    std::string text_;
};

}  // namespace

Result<ProcessExit> run_process(
    const ProcessSpec& spec,
    LineSink& sink,
    const OutputLimits& limits,
    Clock& clock,
    Instant deadline,
    const std::stop_token& stop
)
{
    Run run{sink, limits, clock};
    Result<ChildProcess> child = run.start(spec, limits);
    if (!child) {
        return child.error();
    }
    return run.finish(*child, deadline, stop);
}

Result<ToolExit>
run_tool(const std::vector<std::string>& argv, Clock& clock, std::chrono::milliseconds timeout)
{
    Capture capture;
    const Result<ProcessExit> exit = run_process(
        {.argv = argv, .environment = tool_environment()},
        capture,
        {.total_bytes = k_read_bytes},
        clock,
        clock.now() + timeout,
        {}
    );
    if (!exit) {
        const std::string name = argv.empty() ? std::string{} : argv.front();
        return Error{exit.error().code, name + ": " + exit.error().detail};
    }
    return ToolExit{exit->exit_code, capture.take()};
}

Result<std::string>
require_tool(const std::vector<std::string>& argv, Clock& clock, std::chrono::milliseconds timeout)
{
    Result<ToolExit> exit = run_tool(argv, clock, timeout);
    if (!exit) {
        return Error{Errc::unavailable, exit.error().detail};
    }
    if (exit->exit_code == 0) {
        return std::move(exit->output);
    }
    constexpr std::size_t k_quoted_bytes = 500;
    const std::size_t skipped =
        exit->output.size() > k_quoted_bytes ? exit->output.size() - k_quoted_bytes : 0;
    std::string said = exit->output.substr(skipped);
    while (said.ends_with('\n')) {
        said.pop_back();
    }
    return Error{
        Errc::unavailable,
        "`" + argv.front() + "` failed with exit code " + std::to_string(exit->exit_code) +
            (said.empty() ? "" : ": " + said)};
}

std::vector<std::string> tool_environment()
{
    return {"PATH=" + std::string{k_tool_path}, "LANG=C.UTF-8"};
}

}  // namespace libra
