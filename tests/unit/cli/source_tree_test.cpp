#include "cli/source_tree.hpp"

#include "cli/command_failed.hpp"
#include "tests/support/temporary_directory.hpp"

#include <catch2/catch.hpp>

#include <fstream>

namespace libra {
namespace {

struct Folder : testing::TemporaryDirectory {
    void write(const std::string& path, const std::string& text = "x") const
    {
        std::filesystem::create_directories((this->path() / path).parent_path());
        std::ofstream{this->path() / path} << text;
    }

    std::string listed() const
    {
        std::string paths;
        for (const LocalFile& file : read_source_tree(path()).files) {
            paths += file.path + ' ';
        }
        return paths;
    }
};

TEST_CASE("a folder is all its files, by path, with their digests")
{
    const Folder folder;
    folder.write("b/index.html", "two");
    folder.write("a.txt", "one");
    folder.write(".env.example", "three");

    const SourceTree tree = read_source_tree(folder.path());

    REQUIRE(tree.files.size() == 3);
    CHECK(folder.listed() == ".env.example a.txt b/index.html ");
    CHECK(tree.files[1].bytes == 3);
    CHECK(tree.files[1].digest == sha256("one"));
    CHECK(tree.left_out.empty());
}

TEST_CASE("what git ignores is not deployed, nor what never is")
{
    const Folder folder;
    folder.write(".gitignore", "*.log\n!keep.log\n/dist\nbuild/\n");
    folder.write("sub/.gitignore", "*.md\n");
    for (const char* path :
         {"a.log",
          "keep.log",
          "dist/x",
          "sub/dist/x",
          "build/x",
          "sub/build/x",
          "sub/a.md",
          "b.md",
          "node_modules/m/x",
          "sub/node_modules/x",
          ".git/config",
          "libra.json",
          "sub/libra.json"}) {
        folder.write(path);
    }

    CHECK(folder.listed() == ".gitignore b.md keep.log sub/.gitignore sub/dist/x sub/libra.json ");
}

TEST_CASE("a link counts as the file it leads to, unless that lies elsewhere")
{
    const Folder outside;
    outside.write("secret", "s");
    const Folder folder;
    folder.write("real.txt", "content");
    std::filesystem::create_symlink("real.txt", folder.path() / "link.txt");
    std::filesystem::create_symlink(outside.path() / "secret", folder.path() / "leak");
    std::filesystem::create_symlink("nowhere", folder.path() / "broken");
    std::filesystem::create_directory_symlink(".", folder.path() / "loop");

    SourceTree tree = read_source_tree(folder.path());

    CHECK(folder.listed() == "link.txt real.txt ");
    CHECK(tree.files[0].digest == sha256("content"));
    std::sort(tree.left_out.begin(), tree.left_out.end());
    CHECK(tree.left_out == std::vector<std::string>{"broken", "leak", "loop"});
}

TEST_CASE("a folder that is not there is named")
{
    const Folder folder;
    CHECK_THROWS_WITH(read_source_tree(folder.path() / "none"), Catch::Matchers::Contains("none"));
}

}  // namespace
}  // namespace libra
