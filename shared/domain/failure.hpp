#pragma once

#include "shared/base/result.hpp"
#include "shared/domain/failure_report.hpp"

#include <optional>
#include <string>
#include <string_view>

/// @file Why a deployment did not go on, and what follows from it.

namespace libra {

/// Source of the classes and of what each asks for: SPEC, "The queue".
enum class FailureClass {
    user,       // failed at once, no retry
    transient,  // retried with backoff until the attempts are used up
    resource,   // a limit was hit: failed, no blind retry
    poison,     // a message nobody can read: dead letter
    exhausted,  // transient, after the last attempt: failed and dead letter
};

std::string_view to_string(FailureClass failure_class) noexcept;
std::optional<FailureClass> parse_failure_class(std::string_view word) noexcept;

struct Failure {
    FailureClass failure_class{FailureClass::transient};
    std::string code{};     // lower snake case and stable: `build_failed`, `quota_exhausted`, …
    std::string message{};  // for the user: what is wrong and what to do; no path or secret of ours
    std::string detail{};   // for the service log only
    std::optional<FailureReport> report{};  // where more is known than the message says

    bool operator==(const Failure&) const = default;
};

/// The failure of a step at something that is the user's to mend, as `message` says.
Failure user_failure(std::string code, std::string message);

/// The failure of a step that met `error` in one of our dependencies: transient for `unavailable`,
/// `timed_out` and everything else that is not the user's doing. The user learns `what` was going
/// on, the log learns the error.
Failure transient_failure(std::string_view what, const Error& error);

/// A step's answer.
template <class T>
using Outcome = boost::system::result<T, Failure>;

/// Lets `Outcome::value()` throw. Found by argument-dependent lookup from Boost.System.
[[noreturn]] void
throw_exception_from_error(const Failure& failure, const boost::source_location& where);

}  // namespace libra
