#pragma once

#include <string_view>
#include <vector>

/// @file The files of the built-in templates, compiled in from the folder files/.
///
/// Upstream: the folders of files/, one a template. Downstream: the sync step.

namespace libra {

struct TemplateFile {
    std::string_view path{};
    std::string_view content{};
};

/// The files of the template `name`, by path; none if there is no such template. Views last for
/// ever.
std::vector<TemplateFile> template_files(std::string_view name);

}  // namespace libra
