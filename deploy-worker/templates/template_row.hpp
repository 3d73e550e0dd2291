#pragma once

#include <span>
#include <string_view>

/// @file What CMakeLists.txt writes down of the folder files/.

namespace libra {

struct TemplateRow {
    std::string_view name{};  // of the template
    std::string_view path{};
    std::string_view (*content)(){};
};

/// Of every file of every template; by template, then path.
std::span<const TemplateRow> template_rows();

}  // namespace libra
