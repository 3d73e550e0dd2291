#pragma once

#include <string_view>

namespace libra {

/// Whether `path` has the form of `pattern`, in which a segment in braces (`/deployments/{id}`)
/// stands for any one segment that is not empty. Pure.
bool matches(std::string_view pattern, std::string_view path);

/// Of two patterns that one path matches, whether `left` is the one to obey: where they first
/// differ, it has the literal segment.
bool is_more_literal(std::string_view left, std::string_view right);

}  // namespace libra
