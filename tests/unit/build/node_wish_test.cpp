#include "deploy-worker/build/node_wish.hpp"

#include "deploy-worker/build/frameworks.hpp"
#include "tests/support/project_tree.hpp"

#include <catch2/catch.hpp>

namespace libra {
namespace {

using testing::ProjectTree;
using Files = ProjectTree::Files;

std::optional<NodeWish> wish_of(
    const Files& given,
    const PackageJson& package = {},
    const BuildSettings& settings = {},
    const PackageJson& workspace = {}
)
{
    ProjectTree tree{given};
    ProjectFiles files{tree.manifest, tree.read, {}};
    return node_wish(settings, files, {"apps/web", "apps", ""}, package, workspace);
}

TEST_CASE("who asks for a Node first is heard")
{
    const PackageJson package{.engines_node = ">=18", .volta_node = "16.1.0"};
    const PackageJson workspace{.engines_node = ">=16"};
    const Files all{
        {"apps/web/.nvmrc", "v22\n"}, {"apps/web/.node-version", "21"}, {".nvmrc", "20"}};

    CHECK(
        wish_of(all, package, {.node_version = "24"}) == NodeWish{"24", "the project's settings"}
    );
    CHECK(wish_of(all, package) == NodeWish{"v22", "apps/web/.nvmrc"});
    CHECK(
        wish_of({{"apps/web/.node-version", "21"}, {".nvmrc", "20"}}, package) ==
        NodeWish{"21", "apps/web/.node-version"}
    );
    CHECK(wish_of({{".nvmrc", "20"}}, package) == NodeWish{"20", ".nvmrc"});
    CHECK(wish_of({{"other/.nvmrc", "20"}}, package)->range == ">=18");
    CHECK(
        wish_of({}, {.volta_node = "16.1.0"}, {}, workspace) ==
        NodeWish{"16.1.0", "`volta` in package.json"}
    );
    CHECK(wish_of({}, {}, {}, workspace)->source == "`engines` in the workspace's package.json");
    CHECK_FALSE(wish_of({}).has_value());
}

TEST_CASE("the first line of a version file that says something counts")
{
    CHECK(version_in_file("v20.11.1\n") == "v20.11.1");
    CHECK(version_in_file("\r\n# ours\n  lts/iron  # until spring\r\n18\n") == "lts/iron");
    CHECK_FALSE(version_in_file("").has_value());
    CHECK_FALSE(version_in_file("\n# nothing\n").has_value());
    CHECK(version_in_file(std::string(1000, '1'))->ends_with("1…"));
}

TEST_CASE("a version file is read as editors and shells of all systems write it")
{
    using namespace std::string_literals;

    CHECK(version_in_file("\xFF\xFEv\0002\0002\0\r\0\n\0"s) == "v22");
    CHECK(version_in_file("\xFE\xFF\0v\0002\0002\0\r\0\n"s) == "v22");
    CHECK(
        version_in_file("\xEF\xBB\xBF"
                        "20\n") == "20"
    );
    CHECK(version_in_file("\xFF\xFE\x16\x26"s) == "\uFFFD");
}

TEST_CASE("a wish with control characters cannot be read")
{
    using namespace std::string_literals;

    CHECK(is_readable({">=20\t<23\n", ".nvmrc"}));
    CHECK_FALSE(is_readable({"2\0002"s, ".nvmrc"}));
    CHECK_FALSE(is_readable({"22\x7F", "`engines` in package.json"}));
}

TEST_CASE("names of Node's lines become their numbers")
{
    struct Case {
        std::string said;
        std::string range;
    };

    const Case given = GENERATE(values<Case>({
        {"lts/iron", "20"},
        {"lts/Jod", "22"},
        {"Hydrogen", "18"},
        {"lts/*", "24"},
        {"node", "latest"},
        {"stable", "latest"},
        {"lts/unknown", "lts/unknown"},
        {" v20.11.1 ", "v20.11.1"},
        {">=20 <23 || 24.x", ">=20 <23 || 24.x"},
    }));

    CHECK(semver_range(given.said, framework_list().lts_lines) == given.range);
}

}  // namespace
}  // namespace libra
