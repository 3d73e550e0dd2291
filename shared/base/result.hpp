#pragma once

#include <boost/assert/source_location.hpp>
#include <boost/system/result.hpp>

#include <string>

/// @file How one room tells the next that the expected did not happen.
///
/// A `Result` carries outcomes a caller must branch on. Exceptions carry everything else: a bug, or
/// an environment in which no caller can go on.

namespace libra {

enum class Errc {
    invalid_input,    // the caller sent something we will never accept; do not retry
    unauthenticated,  // no valid credential
    forbidden,        // a valid credential that does not allow this
    not_found,        // the named thing does not exist
    conflict,         // it exists, but in a state that forbids this
    fenced,           // our lease on the deployment is gone: stop, without any further side effect
    unavailable,      // a dependency did not answer; the same call may succeed later
    timed_out,        // our own deadline passed
    cancelled,        // somebody asked us to stop
    rejected,         // a dependency answered, and the answer was no
    limit_exceeded,   // a size, count or resource limit was hit; retrying alone does not help
};

/// For the log and for tests: the enumerator's name.
const char* to_string(Errc code) noexcept;

struct Error {
    Errc code{};
    std::string detail{};  // for the log; never sent to an HTTP client
};

/// Lets `Result::value()` throw. Found by argument-dependent lookup from Boost.System.
[[noreturn]] void
throw_exception_from_error(const Error& error, const boost::source_location& where);

template <class T>
using Result = boost::system::result<T, Error>;

}  // namespace libra
