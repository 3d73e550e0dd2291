#pragma once

#include "deploy-worker/process/line_sink.hpp"

#include <cstddef>
#include <string>
#include <string_view>

/// @file Cuts a stream of bytes into lines.

namespace libra {

/// One per stream. A `\r` before the line end belongs to the line end. One thread.
class LineSplitter {
public:
    /// Lines over `line_bytes` are delivered in pieces of that size. `sink` must outlive this.
    LineSplitter(OutputStream stream, std::size_t line_bytes, LineSink& sink)
        : stream_{stream}, line_bytes_{line_bytes}, sink_{sink}
    {
    }

    void feed(std::string_view bytes);

    /// Delivers a last line that has no line end.
    void finish();

private:
    void take(std::string_view bytes);
    void end_line();

    OutputStream stream_;
    std::size_t line_bytes_;
    LineSink& sink_;
    std::string pending_;
    bool continues_{false};  // an earlier piece of this line was already delivered
};

}  // namespace libra
