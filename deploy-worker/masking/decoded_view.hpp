#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

/// @file A stream of bytes read in one of the ways in which a value may be written.

namespace libra {

enum class Encoding {
    none,
    percent,       // RFC 3986
    form,          // the same, and `+` for a blank
    json_escapes,  // what RFC 8259 allows inside a string
};

/// Where one decoded byte stood.
struct Decoded {
    char byte{};
    std::uint64_t begin{};
    std::uint64_t end{};
};

/// One thread. What is no escape after all is passed on as it is.
class DecodedView {
public:
    explicit DecodedView(Encoding encoding) : encoding_{encoding} {}

    /// Takes the byte at `at`, the next one. Calls `take` for each byte that is decoded by it; a
    /// line end is not passed on.
    template <class Take>
    void feed(char byte, std::uint64_t at, Take take)
    {
        waiting_ += byte;
        while (!waiting_.empty()) {
            const std::optional<Step> step = decode();
            if (!step) {
                return;
            }
            const std::uint64_t begin = at + 1 - waiting_.size();
            for (std::size_t i = 0; i < step->length; ++i) {
                if (const char c = step->bytes.at(i); c != '\n' && c != '\r') {
                    take(Decoded{.byte = c, .begin = begin, .end = begin + step->used});
                }
            }
            waiting_.erase(0, step->used);
        }
    }

    /// How many of the last bytes may be the beginning of an escape.
    std::size_t pending() const { return waiting_.size(); }

private:
    struct Step {
        std::size_t used{1};
        std::array<char, 4> bytes{};
        std::size_t length{1};
    };

    /// What `waiting_` begins with; nothing while more has to come.
    std::optional<Step> decode() const;
    std::optional<Step> decode_percent() const;
    std::optional<Step> decode_json() const;
    std::optional<Step> decode_unicode() const;

    Step first_as_it_is() const { return {.bytes = {waiting_.front()}}; }

    Encoding encoding_;
    std::string waiting_;
};

}  // namespace libra
