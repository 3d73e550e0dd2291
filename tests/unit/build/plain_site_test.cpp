#include "deploy-worker/build/plain_site.hpp"

#include "tests/support/scratch_tree.hpp"

#include <catch2/catch.hpp>

namespace libra {
namespace {

namespace fs = std::filesystem;

using testing::ScratchTree;

TEST_CASE("hidden files and the package manager's are not served")
{
    for (const char* path :
         {"index.html", "a/b.css", ".well-known/security.txt", "data/package.json"}) {
        INFO(path);
        CHECK(is_served(path));
    }
    for (const char* path :
         {".env", ".github/workflows/x.yml", "a/.env", "a/.b/c", "package.json", "yarn.lock"}) {
        INFO(path);
        CHECK_FALSE(is_served(path));
    }
}

TEST_CASE("a plain site is a copy, and the tree stays as it was")
{
    const ScratchTree tree;
    const ScratchTree site;
    tree.write("index.html", "<h1>");
    tree.write("css/a.css", "b{}");
    tree.write(".env", "SECRET=1");
    tree.write("css/.hidden", "");

    const auto copied = copy_plain_site(tree.path(), site.path());

    REQUIRE(copied.has_value());
    CHECK(site.read("css/a.css") == "b{}");
    CHECK_FALSE(fs::exists(site.path() / ".env"));
    CHECK_FALSE(fs::exists(site.path() / "css/.hidden"));
    CHECK(fs::exists(tree.path() / ".env"));
    CHECK(fs::hard_link_count(site.path() / "index.html") == 1);
}

TEST_CASE("a link in the tree is rejected, not followed")
{
    const ScratchTree tree;
    const ScratchTree site;
    fs::create_symlink("/etc/passwd", tree.path() / "index.html");

    const auto copied = copy_plain_site(tree.path(), site.path());

    REQUIRE(copied.has_error());
    CHECK(copied.error().code == "output_rejected");
}

}  // namespace
}  // namespace libra
