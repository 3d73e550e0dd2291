#include "shared/domain/failure.hpp"

#include <array>
#include <stdexcept>
#include <utility>

namespace libra {

namespace {

constexpr std::array k_words{
    std::pair{FailureClass::user, std::string_view{"user"}},
    std::pair{FailureClass::transient, std::string_view{"transient"}},
    std::pair{FailureClass::resource, std::string_view{"resource"}},
    std::pair{FailureClass::poison, std::string_view{"poison"}},
    std::pair{FailureClass::exhausted, std::string_view{"exhausted"}},
};

}  // namespace

std::string_view to_string(FailureClass failure_class) noexcept
{
    for (const auto& [value, word] : k_words) {
        if (value == failure_class) {
            return word;
        }
    }
    return "unknown";
}

std::optional<FailureClass> parse_failure_class(std::string_view word) noexcept
{
    for (const auto& [value, known] : k_words) {
        if (known == word) {
            return value;
        }
    }
    return std::nullopt;
}

Failure user_failure(std::string code, std::string message)
{
    return Failure{
        .failure_class = FailureClass::user,
        .code = std::move(code),
        .message = std::move(message)};
}

Failure transient_failure(std::string_view what, const Error& error)
{
    return Failure{
        .failure_class = FailureClass::transient,
        .code = "platform_error",
        .message =
            "The platform could not finish " + std::string{what} + ". This is not your doing.",
        .detail = std::string{what} + ": " + to_string(error.code) + ": " + error.detail,
    };
}

void throw_exception_from_error(const Failure& failure, const boost::source_location& where)
{
    throw std::logic_error{"unchecked Outcome at " + where.to_string() + ": " + failure.code};
}

}  // namespace libra
