#pragma once

#include "deploy-worker/process/line_sink.hpp"

#include <cstddef>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

/// @file The last lines of a command, for the message that says how it failed.

namespace libra {

/// Hands every line on to another sink and keeps the last few. One thread.
class OutputTail final : public LineSink {
public:
    /// `next` must outlive the tail.
    explicit OutputTail(LineSink& next) : next_{next} {}

    void line(OutputStream stream, std::string_view line) override;

    /// The last lines of standard error, or of standard output where there was no other: at most
    /// 15 lines and 2 KiB, valid UTF-8 without control characters and terminal colours, and without
    /// those that tell nothing. Empty when the command was silent.
    std::vector<std::string> lines() const;

private:
    LineSink& next_;
    std::deque<std::string> out_;
    std::deque<std::string> err_;
};

/// `text` without terminal escapes and control characters, every byte outside of UTF-8 replaced.
std::string printable(std::string_view text);

}  // namespace libra
