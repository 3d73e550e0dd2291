#pragma once

#include "deploy-worker/process/line_sink.hpp"
#include "shared/domain/failure_report.hpp"

#include <array>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// @file What a command's output says first of an error, while it streams past.
///
/// Upstream: the output of a build, without its secrets. Downstream: `explain`.

namespace libra {

/// Hands every line on, keeps the first error lines and recognises what they say. Memory and time a
/// line are bounded whatever is printed: expressions run on RE2, which never goes back. One thread.
class ErrorScan final : public LineSink {
public:
    /// `next` must outlive the scan.
    explicit ErrorScan(LineSink& next) : next_{next} {}

    void line(OutputStream stream, std::string_view line) override;

    /// The first error and what was printed with it: at most 15 lines and 2 KiB, valid UTF-8
    /// without control characters and colours. Empty if nothing looked like an error.
    const std::vector<std::string>& first_errors() const { return lines_; }

    /// In the order they were printed, at most 16; heavier ones count for more
    /// (`ErrorPattern::weight`) and stand first.
    const std::vector<RecognizedError>& recognized() const { return recognized_; }

private:
    struct Place {
        std::string text{};
        std::map<std::string, std::string> details{};
        int age{1000};  // in lines
    };

    /// One of the two streams.
    struct Region {
        int follow{0};       // so many lines still belong to the error before them
        int wants_place{0};  // so many lines may still say where it is
        Place place{};
    };

    void error(Region& region, RecognizedError error, int weight, std::string text);
    void
    note_place(Region& region, const std::string& text, std::map<std::string, std::string> details);
    void keep(std::string text);

    LineSink& next_;
    std::array<Region, 2> regions_{};
    std::vector<std::string> lines_{};
    std::size_t bytes_{0};
    bool explained_{false};  // one of lines_ says a cause
    std::vector<RecognizedError> recognized_{};
    std::vector<int> weights_{};         // of these
    std::optional<std::size_t> last_{};  // of these, the one that was printed last
};

}  // namespace libra
