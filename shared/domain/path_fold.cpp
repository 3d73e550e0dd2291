#include "shared/domain/rules.hpp"

#include <cstdlib>
#include <memory>
#include <utf8proc.h>

namespace libra {

namespace {

struct Free {
    void operator()(utf8proc_uint8_t* text) const noexcept { std::free(text); }
};

}  // namespace

std::string path_fold(std::string_view path)
{
    utf8proc_uint8_t* folded = nullptr;
    const utf8proc_ssize_t size = utf8proc_map(
        reinterpret_cast<const utf8proc_uint8_t*>(path.data()),
        static_cast<utf8proc_ssize_t>(path.size()),
        &folded,
        static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD)
    );
    const std::unique_ptr<utf8proc_uint8_t, Free> owned{folded};
    if (size < 0) {
        return std::string{path};
    }
    return {reinterpret_cast<const char*>(folded), static_cast<std::size_t>(size)};
}

}  // namespace libra
