#include "deploy-worker/templates/templates.hpp"

#include "deploy-worker/templates/template_row.hpp"

namespace libra {

std::vector<TemplateFile> template_files(std::string_view name)
{
    std::vector<TemplateFile> files;
    for (const TemplateRow& row : template_rows()) {
        if (row.name == name) {
            files.push_back({.path = row.path, .content = row.content()});
        }
    }
    return files;
}

}  // namespace libra
