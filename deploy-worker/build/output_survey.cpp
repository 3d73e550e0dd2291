#include "deploy-worker/build/output_survey.hpp"

#include <algorithm>
#include <deque>
#include <utility>

namespace libra {

namespace {

constexpr std::size_t k_most_looks = 200;
constexpr std::size_t k_most_named = 8;
constexpr int k_most_depth = 4;

struct Look {
    std::string directory{};  // empty: the top
    int depth{};
    bool made{};  // it, or what it is in
};

bool has_files_below(const SourceManifest& tree, const std::string& directory)
{
    const auto first = tree.lower_bound(directory + '/');
    return first != tree.end() && first->first.starts_with(directory + '/');
}

void note(std::vector<std::string>& names, const std::string& name)
{
    if (names.size() < k_most_named) {
        names.push_back(name);
    }
}

}  // namespace

OutputSurvey survey_output(Sandbox& sandbox, const SourceManifest& tree)
{
    OutputSurvey survey;
    std::deque<Look> looks{{}};
    for (std::size_t count = 0; !looks.empty() && count < k_most_looks; ++count) {
        const Look look = std::move(looks.front());
        looks.pop_front();
        const auto names = sandbox.list(look.directory.empty() ? "." : look.directory);
        if (names.has_error()) {
            continue;
        }
        const std::string prefix = look.directory.empty() ? "" : look.directory + '/';
        for (const std::string& name : *names) {
            if (name == "index.html" && !tree.contains(prefix + name)) {
                note(survey.pages, look.directory.empty() ? "." : look.directory);
            }
            const bool inner = name.ends_with('/') && name != "node_modules/" && name != ".git/" &&
                               name != ".cache/";
            if (!inner || look.depth >= k_most_depth) {
                continue;
            }
            Look next{prefix + name.substr(0, name.size() - 1), look.depth + 1, look.made};
            if (!next.made && !has_files_below(tree, next.directory)) {
                next.made = true;
                note(survey.made, next.directory);
            }
            looks.push_back(std::move(next));
        }
    }
    return survey;
}

}  // namespace libra
