#pragma once

#include "shared/base/result.hpp"

#include <string>
#include <string_view>
#include <vector>

/// @file What is known of the frameworks that projects are made with: frameworks.json as values.
///
/// Upstream: that file, which is part of the binary. Downstream: the matcher and the build plan.

namespace libra {

/// What can be asked of a project's files, below its root directory.
struct Condition {
    enum class Kind {
        all,         // each of `parts`; true without any
        any,         // one of `parts`
        none,        // not the one part
        dependency,  // one of `names` is a dependency, for production or development
        file,        // a file fits one of `names`, see `fits_pattern`
        says,        // a file that fits one of `names` says `phrase`, see `says`
        script,      // one of `names` is a script of package.json
        runs,        // the text of a script contains `phrase`
    };

    Kind kind{Kind::all};
    std::vector<Condition> parts{};
    std::vector<std::string> names{};
    std::string phrase{};
};

/// Why a project of a framework cannot be hosted, or cannot in the form it has.
struct Refusal {
    Condition when{};
    std::string why{};  // for people: what it is, and what to change
};

struct Flavour {
    std::string dependency{};
    std::string name{};
};

/// Where a project may say that its output is elsewhere than by default.
struct OutputSetting {
    std::vector<std::string> files{};     // patterns
    std::string key{};                    // given a string there: `outDir: 'site'`
    std::vector<std::string> below{"."};  // where in that directory the site is, `.` in itself
};

struct Framework {
    std::string slug{};
    std::string name{};               // for people
    std::vector<Flavour> flavours{};  // named beside it, where such a dependency is there
    Condition detect{};
    std::vector<std::string> supersedes{};  // slugs; of these none is taken when this one fits
    std::vector<std::string> scripts{};  // of package.json, the first that is there makes the site
    std::string command{};               // does, where none of the scripts is there
    std::vector<std::string> outputs{};  // below the root directory; as `output_candidates`
    std::vector<OutputSetting> output_settings{};
    std::vector<std::string> output_flags{};  // likewise, in the script: `--outDir site`
    std::vector<std::string> caches{};        // as `BuildPlan::cache_directories`
    std::vector<Refusal> refusals{};          // known before anything runs
    std::string output_hint{};                // what helps when the output is missing
};

struct FrameworkList {
    std::vector<Framework> frameworks{};  // for Node, most telling first
    std::vector<Framework> servers{};     // programs for Node that answer requests: `detect` alone
    Refusal server_refusal{};             // for each of these; `{}` stands for its name
    std::vector<Framework> others{};      // not for Node: `detect` and `refusals` alone
    std::vector<std::string> usual_outputs{};  // where nothing better is known
    std::vector<std::string> lts_lines{};      // `iron 20`: names of Node's lines, oldest first
};

/// The one that this binary was built with. Thread-safe.
const FrameworkList& framework_list();

/// nullptr if there is none of that slug.
const Framework* framework_with(std::string_view slug);

/// @return `invalid_input`, with the place and the problem, for anything but a list in which every
///         member is known, every slug is there once and every name that is referred to exists.
Result<FrameworkList> parse_framework_list(std::string_view json);

}  // namespace libra
