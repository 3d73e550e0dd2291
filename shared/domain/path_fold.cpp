#include "shared/domain/rules.hpp"

#include <cstdlib>
#include <memory>
#include <utf8proc.h>

namespace libra {

namespace {

struct Free {
    void operator()(utf8proc_uint8_t* text) const noexcept { std::free(text); }
};

/// @return nothing for what is no UTF-8.
std::optional<std::string> mapped(std::string_view text, int options)
{
    utf8proc_uint8_t* result = nullptr;
    const utf8proc_ssize_t size = utf8proc_map(
        reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
        static_cast<utf8proc_ssize_t>(text.size()),
        &result,
        static_cast<utf8proc_option_t>(options)
    );
    const std::unique_ptr<utf8proc_uint8_t, Free> owned{result};
    if (size < 0) {
        return std::nullopt;
    }
    return std::string{reinterpret_cast<const char*>(result), static_cast<std::size_t>(size)};
}

}  // namespace

std::string path_fold(std::string_view path)
{
    // Folding makes a letter of one mark, the iota below, behind which no other mark is put in its
    // place any more: that has to be done before (Unicode 15, D145).
    const auto ordered = mapped(path, UTF8PROC_STABLE | UTF8PROC_DECOMPOSE);
    if (!ordered) {
        return std::string{path};
    }
    return mapped(*ordered, UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD).value();
}

}  // namespace libra
