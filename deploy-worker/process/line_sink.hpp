#pragma once

#include <string_view>

/// @file Where the output of a command goes, line by line.

namespace libra {

enum class OutputStream { out, err };

/// Receives a command's output. Called on the thread that runs the command.
class LineSink {
public:
    virtual ~LineSink() = default;

    /// `line` has no line end, is valid only during the call, and may be any bytes; a line over
    /// 8 KiB arrives in pieces.
    virtual void line(OutputStream stream, std::string_view line) = 0;
};

}  // namespace libra
