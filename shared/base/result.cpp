#include "shared/base/result.hpp"

#include <stdexcept>

namespace libra {

const char* to_string(Errc code) noexcept
{
    switch (code) {
    case Errc::invalid_input:
        return "invalid_input";
    case Errc::unauthenticated:
        return "unauthenticated";
    case Errc::forbidden:
        return "forbidden";
    case Errc::not_found:
        return "not_found";
    case Errc::conflict:
        return "conflict";
    case Errc::fenced:
        return "fenced";
    case Errc::unavailable:
        return "unavailable";
    case Errc::timed_out:
        return "timed_out";
    case Errc::cancelled:
        return "cancelled";
    case Errc::rejected:
        return "rejected";
    case Errc::limit_exceeded:
        return "limit_exceeded";
    }
    return "unknown";
}

void throw_exception_from_error(const Error& error, const boost::source_location& where)
{
    throw std::logic_error{"unchecked Result at " + where.to_string() + ": " + error.detail};
}

}  // namespace libra
