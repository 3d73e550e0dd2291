#include "deploy-worker/build/project_files.hpp"

#include "tests/support/project_tree.hpp"

#include <catch2/catch.hpp>

namespace libra {
namespace {

using testing::ProjectTree;
using Strings = std::vector<std::string>;

TEST_CASE("a pattern fits name for name")
{
    struct Case {
        std::string path;
        std::string pattern;
        bool fits;
    };

    const Case given = GENERATE(values<Case>({
        {"next.config.js", "next.config.*", true},
        {"next.config.", "next.config.*", true},
        {"next.config", "next.config.*", false},
        {"a/next.config.js", "next.config.*", false},
        {"docs/.vitepress/config.mts", "*/.vitepress/config.*", true},
        {"a/docs/.vitepress/config.mts", "*/.vitepress/config.*", false},
        {"index.html", "**/*.html", true},
        {"a/b/index.html", "**/*.html", true},
        {"a/b/index.htm", "**/*.html", false},
        {"themes/a/b", "themes/**", true},
        {"themes", "themes/**", false},
        {"ab", "ab*b", false},
        {"a", "a/b", false},
        {"a/b", "a", false},
    }));

    CHECK(fits_pattern(given.path, given.pattern) == given.fits);
}

TEST_CASE("only files below the directory are seen, by their names below it")
{
    ProjectTree tree{
        {{"a.json", "top"}, {"web/a.json", "web"}, {"web/b/c.json", ""}, {"website/a.json", ""}}};
    ProjectFiles files{tree.manifest, tree.read, "web"};

    CHECK(files.text("a.json") == "web");
    CHECK(files.has("b/c.json"));
    CHECK_FALSE(files.has("web/a.json"));
    CHECK(files.has_directory("b"));
    CHECK(files.has_directory(""));
    CHECK_FALSE(files.has_directory("a.json"));
    CHECK(files.matching("**/*.json", 9) == Strings{"a.json", "b/c.json"});
    CHECK(files.matching("**/*.json", 1) == Strings{"a.json"});
    CHECK(files.matching("a.json", 9) == Strings{"a.json"});
}

TEST_CASE("a file is read once, and one that cannot be read is told of")
{
    ProjectTree tree{{{"a", "x: 'y'"}, {"b", ""}}};
    int reads = 0;
    const ReadSource read = [&](const std::string& path) -> Result<std::optional<std::string>> {
        ++reads;
        if (path == "b") {
            return Error{Errc::unavailable, "disk"};
        }
        return tree.read(path);
    };
    ProjectFiles files{tree.manifest, read, {}};

    CHECK(files.text("a") == "x: 'y'");
    CHECK(files.words("a").size() == 3);
    CHECK(reads == 1);
    CHECK_FALSE(files.error().has_value());
    CHECK_FALSE(files.text("b").has_value());
    CHECK(files.error()->code == Errc::unavailable);
    CHECK(files.words("nowhere").empty());
}

TEST_CASE("a file that is far too long is not read")
{
    ProjectTree tree{{{"a", "x"}}};
    tree.manifest["a"].bytes = 17ULL << 20U;
    ProjectFiles files{tree.manifest, tree.read, {}};

    CHECK_FALSE(files.text("a").has_value());
    CHECK_FALSE(files.error().has_value());
}

}  // namespace
}  // namespace libra
