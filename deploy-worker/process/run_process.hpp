#pragma once

#include "deploy-worker/process/child_process.hpp"
#include "deploy-worker/process/line_sink.hpp"
#include "shared/base/clock.hpp"
#include "shared/base/result.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <sys/types.h>
#include <vector>

/// @file Running a program to its end on the calling thread.

namespace libra {

struct OutputLimits {
    std::size_t line_bytes{8192};  // longer lines are delivered in pieces
    // Of both streams, a line counting for 64 bytes more than it has; of the rest only the last
    // 16 KiB of each are delivered.
    std::uint64_t total_bytes{64U << 20U};
    std::optional<uid_t> owner{};  // who may open /dev/stdout and /dev/stderr by name in the child
};

struct ProcessExit {
    int exit_code{};        // 128 + signal when a signal ended it
    bool output_dropped{};  // `total_bytes` was exceeded
};

/// Runs `spec` with standard input from /dev/null and delivers its output to `sink` line by line.
///
/// Ends when the program ends, even if something it left in the background holds the output open.
/// When `deadline` passes or `stop` is requested the process group is killed, within some 10 ms.
/// An exception from `sink` kills it too, and passes through.
/// @return `timed_out`, `cancelled`; `not_found` and `unavailable` as `ChildProcess::start`.
Result<ProcessExit> run_process(
    const ProcessSpec& spec,
    LineSink& sink,
    const OutputLimits& limits,
    Clock& clock,
    Instant deadline,
    const std::stop_token& stop
);

struct ToolExit {
    int exit_code{};
    std::string output{};  // both streams, at most 64 KiB
};

/// Runs a short program of the host with an environment of PATH and LANG alone.
/// @return an error as `run_process`; a tool that ran and failed is a value.
Result<ToolExit>
run_tool(const std::vector<std::string>& argv, Clock& clock, std::chrono::milliseconds timeout);

/// As `run_tool`, for a tool whose failure is ours: its output, or `unavailable` with the tool's
/// name, exit code and the end of what it said.
Result<std::string>
require_tool(const std::vector<std::string>& argv, Clock& clock, std::chrono::milliseconds timeout);

/// What every program of the host gets as its environment.
std::vector<std::string> tool_environment();

}  // namespace libra
