#include "deploy-worker/diagnosis/error_scan.hpp"

#include "deploy-worker/diagnosis/error_patterns.hpp"
#include "deploy-worker/diagnosis/line_patterns.hpp"
#include "deploy-worker/diagnosis/output_tail.hpp"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <re2/re2.h>
#include <re2/set.h>
#include <span>
#include <stdexcept>
#include <utility>

namespace libra {

namespace {

constexpr std::size_t k_lines = 15;
constexpr std::size_t k_bytes = 2048;
constexpr std::size_t k_line_bytes = 600;
constexpr std::size_t k_shown_bytes = 400;
constexpr std::size_t k_recognized = 16;
constexpr int k_follow = 6;
constexpr int k_told_in_parts = 3;
constexpr int k_place_after = 4;
constexpr int k_place_before = 3;

/// Expressions of which all are tried on a line at once.
class Expressions {
public:
    explicit Expressions(std::span<const std::string_view> expressions)
        : set_{options(), RE2::UNANCHORED}
    {
        for (const std::string_view expression : expressions) {
            const re2::StringPiece text{expression.data(), expression.size()};
            single_.push_back(std::make_unique<RE2>(text, options()));
            std::string wrong;
            if (!single_.back()->ok() || set_.Add(text, &wrong) < 0) {
                throw std::logic_error{"error pattern: " + std::string{expression} + ": " + wrong};
            }
        }
        if (!set_.Compile()) {
            throw std::logic_error{"error patterns: they do not fit together"};
        }
    }

    /// The first that fits.
    std::optional<std::size_t> find(std::string_view text) const
    {
        std::vector<int> fitting;
        if (!set_.Match({text.data(), text.size()}, &fitting) || fitting.empty()) {
            return std::nullopt;
        }
        return static_cast<std::size_t>(*std::min_element(fitting.begin(), fitting.end()));
    }

    /// The named groups of one that fits.
    std::map<std::string, std::string> details(std::size_t index, std::string_view text) const
    {
        const RE2& expression = *single_[index];
        std::vector<re2::StringPiece> groups(
            static_cast<std::size_t>(expression.NumberOfCapturingGroups()) + 1
        );
        const re2::StringPiece whole{text.data(), text.size()};
        std::map<std::string, std::string> details;
        if (expression.Match(
                whole,
                0,
                whole.size(),
                RE2::UNANCHORED,
                groups.data(),
                static_cast<int>(groups.size())
            )) {
            for (const auto& [name, group] : expression.NamedCapturingGroups()) {
                const re2::StringPiece& found = groups[static_cast<std::size_t>(group)];
                if (!found.empty()) {
                    details.emplace(name, std::string{found.data(), found.size()});
                }
            }
        }
        return details;
    }

private:
    static RE2::Options options()
    {
        constexpr std::int64_t k_memory_bytes = 32LL << 20U;
        RE2::Options options;
        options.set_log_errors(false);
        options.set_max_mem(k_memory_bytes);
        return options;
    }

    RE2::Set set_;
    std::vector<std::unique_ptr<RE2>> single_{};
};

struct Tables {
    Expressions errors;
    Expressions places;
    Expressions noise;
    Expressions ends;
};

std::vector<std::string_view> expressions_of(std::span<const ErrorPattern> patterns)
{
    std::vector<std::string_view> expressions;
    std::transform(
        patterns.begin(),
        patterns.end(),
        std::back_inserter(expressions),
        [](const ErrorPattern& pattern) { return pattern.expression; }
    );
    return expressions;
}

/// Made at the first use, and never changed: RE2 may be asked by several threads at once.
const Tables& tables()
{
    static const Tables tables{
        .errors = Expressions{expressions_of(error_patterns())},
        .places = Expressions{place_patterns()},
        .noise = Expressions{noise_patterns()},
        .ends = Expressions{end_patterns()},
    };
    return tables;
}

/// Whether `more` tells of the same error what `known` does not.
bool completes(const RecognizedError& known, const RecognizedError& more)
{
    return known.cause == more.cause &&
           std::none_of(more.details.begin(), more.details.end(), [&](const auto& detail) {
               return known.details.contains(detail.first);
           });
}

}  // namespace

void ErrorScan::keep(std::string text)
{
    text = printable(text.substr(0, k_shown_bytes));  // a cut may have gone through a character
    const bool full = lines_.size() >= k_lines || bytes_ + text.size() + 1 > k_bytes;
    if (!full) {
        bytes_ += text.size() + 1;
        lines_.push_back(std::move(text));
    }
}

void ErrorScan::error(Region& region, RecognizedError error, int weight, std::string text)
{
    if (weight > 0 && !explained_) {
        explained_ = true;
        if (region.follow == 0) {  // what was kept so far is not of this error
            lines_.clear();
            bytes_ = 0;
        }
    }
    region.wants_place = 0;
    const bool place_is_near = region.place.age <= k_place_before;
    if (place_is_near) {
        if (region.follow == 0) {
            keep(region.place.text);
        }
        error.details.insert(region.place.details.begin(), region.place.details.end());
    } else if (!error.cause.empty() && !error.details.contains("file")) {
        region.wants_place = k_place_after;
    }
    region.follow = k_follow;
    keep(std::move(text));
    if (error.cause.empty()) {
        return;
    }
    // Package managers tell one error in several lines; of compilers each line is another error.
    if (weight >= k_told_in_parts && last_ && completes(recognized_[*last_], error)) {
        recognized_[*last_].details.merge(error.details);
    } else if (recognized_.size() < k_recognized) {
        const auto place =
            std::upper_bound(weights_.begin(), weights_.end(), weight, std::greater<>{});
        last_ = static_cast<std::size_t>(place - weights_.begin());
        recognized_.insert(recognized_.begin() + (place - weights_.begin()), std::move(error));
        weights_.insert(place, weight);
    }
}

void ErrorScan::note_place(
    Region& region,
    const std::string& text,
    std::map<std::string, std::string> details
)
{
    if (text.find("node_modules/") != std::string::npos) {
        return;  // where the tool noticed it
    }
    if (region.wants_place > 0 && last_) {
        region.wants_place = 0;
        recognized_[*last_].details.merge(details);
    } else if (!text.ends_with(':')) {  // esbuild's, which stand behind their error
        region.place = {.text = text, .details = std::move(details), .age = 0};
    }
}

void ErrorScan::line(OutputStream stream, std::string_view line)
{
    next_.line(stream, line);
    Region& region = regions_.at(stream == OutputStream::out ? 0 : 1);
    std::string text = printable(line.substr(0, k_line_bytes));
    text.erase(text.find_last_not_of(' ') + 1);
    if (text.empty() || tells_nothing(text)) {
        return;
    }
    ++region.place.age;
    const Tables& table = tables();
    const auto place = table.places.find(text);
    const auto found = table.errors.find(text);
    const int weight = found ? error_patterns()[*found].weight : 0;
    if (weight == 0 && table.ends.find(text)) {
        region.follow = 0;
    } else if (weight == 0 && table.noise.find(text)) {
        // neither an error nor a part of one
    } else if (found) {
        const std::string cause{error_patterns()[*found].cause};
        error(region, {cause, table.errors.details(*found, text)}, weight, text);
    } else if (region.follow > 0) {
        --region.follow;
        keep(text);
    }
    if (place) {
        note_place(region, text, table.places.details(*place, text));
    } else if (region.wants_place > 0) {
        --region.wants_place;
    }
}

}  // namespace libra
