#pragma once

#include "shared/domain/deployment.hpp"
#include "shared/domain/rules.hpp"
#include "tests/fuzz/target.hpp"

#include <set>
#include <string>

/// @file What holds of the parameters of any deployment that was accepted.

namespace libra::fuzz {

inline void check_params(const DeploymentParams& params)
{
    for (const std::string* const id : {&params.project_id, &params.org_id, &params.user_id}) {
        must(!id_problem(*id), "an accepted id obeys its rule");
    }
    std::set<std::string> folded;
    for (const SourceFile& file : params.init_files) {
        must(!path_problem(file.path), "an accepted path obeys its rule");
        must(folded.insert(path_fold(file.path)).second, "no two paths may be one file");
    }
    for (const std::string& path : folded) {
        const auto next = folded.lower_bound(path + '/');
        must(
            next == folded.end() || !next->starts_with(path + '/'), "no file is a directory as well"
        );
    }
}

}  // namespace libra::fuzz
