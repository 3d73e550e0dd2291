#include "shared/storage/redrive_store.hpp"

#include <array>
#include <utility>

namespace libra {

namespace {

constexpr std::array k_words{
    std::pair{LetterState::open, std::string_view{"open"}},
    std::pair{LetterState::requeued, std::string_view{"requeued"}},
    std::pair{LetterState::discarded, std::string_view{"discarded"}},
};

}  // namespace

std::string_view to_string(LetterState state) noexcept
{
    for (const auto& [value, word] : k_words) {
        if (value == state) {
            return word;
        }
    }
    return "unknown";
}

std::optional<LetterState> parse_letter_state(std::string_view word) noexcept
{
    for (const auto& [value, known] : k_words) {
        if (known == word) {
            return value;
        }
    }
    return std::nullopt;
}

}  // namespace libra
