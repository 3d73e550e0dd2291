#pragma once

#include "deploy-worker/masking/decoded_view.hpp"
#include "deploy-worker/masking/pattern_set.hpp"
#include "deploy-worker/process/line_sink.hpp"

#include <array>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

/// @file Output on its way from a build to the log, without the secrets the build knows.

namespace libra {

/// One stream of lines, with every secret replaced by `[redacted]`: written out, percent-encoded,
/// with JSON's escapes or in base64, and also where line ends come in between. One thread.
class MaskedStream {
public:
    /// `patterns` must outlive it.
    explicit MaskedStream(const PatternSet& patterns);

    /// Calls `give` for every line that is certain now, oldest first.
    template <class Give>
    void line(std::string_view text, Give give)
    {
        take(text);
        while (!ends_.empty() && ends_.front() <= held_from()) {
            give(pop());
        }
    }

    /// The same for all that are left.
    template <class Give>
    void finish(Give give)
    {
        while (!ends_.empty()) {
            give(pop());
        }
    }

private:
    struct Reading {
        DecodedView view;
        PatternSet::State state{PatternSet::k_start};
        bool marks_next{false};
        std::deque<Decoded> recent{};  // the last decoded bytes
    };

    void take(std::string_view text);
    void look_at(Reading& reading, const Decoded& decoded);
    void mark(std::uint64_t begin, std::uint64_t end);
    bool begins_line(std::uint64_t place) const;

    /// No secret can begin before this place any more.
    std::uint64_t held_from() const;

    std::string pop();

    const PatternSet& patterns_;
    std::array<Reading, 4> readings_;
    std::string text_{};                // of the lines that are held, one after the other
    std::string marked_{};              // for each byte of it, whether it is to be masked
    std::deque<std::uint64_t> ends_{};  // of these lines
    std::uint64_t first_{0};            // place of text_'s first byte in the whole stream
};

/// Masks what a command writes, each of its streams by itself, and hands it on. A line that may be
/// the beginning of a secret waits for the next one of its stream. One thread.
class MaskingSink final : public LineSink {
public:
    /// Both must outlive it.
    MaskingSink(const PatternSet& patterns, LineSink& next)
        : out_{patterns}, err_{patterns}, next_{next}
    {
    }

    void line(OutputStream stream, std::string_view line) override;

    /// To be called when the command has ended.
    void finish();

private:
    MaskedStream out_;
    MaskedStream err_;
    LineSink& next_;
};

/// `text`, which may have several lines, without the secrets.
std::string masked(const PatternSet& patterns, std::string_view text);

}  // namespace libra
