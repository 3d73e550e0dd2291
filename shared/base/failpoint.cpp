#include "shared/base/failpoint.hpp"

#include <csignal>
#include <cstdlib>
#include <string>

namespace libra {

#ifdef LIBRA_FAILPOINTS

void failpoint(std::string_view place)
{
    static const std::string armed = [] {
        // The environment does not change after start.
        const char* value = std::getenv("LIBRA_FAILPOINT");  // NOLINT(concurrency-mt-unsafe)
        return std::string{value == nullptr ? "" : value};
    }();
    if (place == armed) {
        std::raise(SIGKILL);
    }
}

#else

void failpoint(std::string_view /*place*/) {}

#endif

}  // namespace libra
