#pragma once

#include "deploy-worker/process/line_sink.hpp"

#include <functional>
#include <string>
#include <vector>

namespace libra::testing {

/// Keeps every line of a command's output, and can react to one.
class RecordingLines final : public LineSink {
public:
    using Reaction = std::function<void(std::string_view line)>;

    explicit RecordingLines(Reaction reaction = {}) : reaction_{std::move(reaction)} {}

    void line(OutputStream stream, std::string_view line) override
    {
        (stream == OutputStream::out ? out_ : err_).emplace_back(line);
        if (reaction_) {
            reaction_(line);
        }
    }

    const std::vector<std::string>& out() const { return out_; }

    const std::vector<std::string>& err() const { return err_; }

    /// Both streams as one text, for messages and searches.
    std::string text() const
    {
        std::string text;
        for (const auto* lines : {&out_, &err_}) {
            for (const std::string& line : *lines) {
                text += line + '\n';
            }
        }
        return text;
    }

private:
    Reaction reaction_;
    std::vector<std::string> out_;
    std::vector<std::string> err_;
};

}  // namespace libra::testing
