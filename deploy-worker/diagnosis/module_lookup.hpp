#pragma once

#include "deploy-worker/diagnosis/project_view.hpp"

#include <map>
#include <string>
#include <string_view>

/// @file Why a module was not found, from the project's files.

namespace libra {

/// A path as a tool prints it → one from the tree's top: without `file://`, the sandbox's /work and
/// a query, and below `root` where it is relative.
std::string tree_path(std::string_view printed, const std::string& root);

struct MissingModule {
    std::string cause{};  // `case_sensitive_import`, `missing_file`, `missing_dependency`,
                          // `dependency_not_installed`, `node_builtin`, `import_alias`
    std::map<std::string, std::string> details{};  // what it was given, made readable, and
                                                   // `actual`, `package`, `elsewhere`
};

/// `details` as recognised: `module` or `path`, and `file` or `directory`, as far as known.
MissingModule
look_up_module(const std::map<std::string, std::string>& details, const ProjectView& project);

}  // namespace libra
