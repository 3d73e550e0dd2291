#include "deploy-worker/build/artifact.hpp"

#include "tests/support/scratch_tree.hpp"

#include <catch2/catch.hpp>

#include <set>
#include <sys/stat.h>

namespace libra {
namespace {

namespace fs = std::filesystem;

using testing::ScratchTree;

const std::string k_script(4000, 'x');

void write_site(const ScratchTree& site)
{
    site.write("index.html", "<h1>hello</h1>");
    site.write("assets/app.js", k_script);
    site.write("logo.png", k_script);
}

struct stat status_of(const fs::path& file)
{
    struct stat status {};

    REQUIRE(::stat(file.c_str(), &status) == 0);
    return status;
}

TEST_CASE("an artifact counts what was built, not the siblings made for it")
{
    const ScratchTree site;
    write_site(site);

    const auto artifact = finish_artifact(site.path());

    REQUIRE(artifact.has_value());
    CHECK(artifact->directory == site.path());
    CHECK(artifact->files == 3);
    CHECK(artifact->bytes == 14 + 2 * k_script.size());
    CHECK(fs::exists(site.path() / "assets/app.js.br"));
    CHECK(fs::exists(site.path() / "assets/app.js.gz"));
    CHECK_FALSE(fs::exists(site.path() / "index.html.gz"));
    CHECK_FALSE(fs::exists(site.path() / "logo.png.gz"));
}

TEST_CASE("equal sites have equal digests, wherever and however often they are finished")
{
    const ScratchTree one;
    const ScratchTree other;
    write_site(one);
    other.write("logo.png", k_script);
    write_site(other);

    const auto first = finish_artifact(one.path());
    const auto again = finish_artifact(one.path());
    const auto elsewhere = finish_artifact(other.path());

    CHECK(first->digest == elsewhere->digest);
    CHECK(first->digest == again->digest);
    CHECK(again->files == 3);
}

TEST_CASE("any change of a path or content changes the digest")
{
    const auto digest_with = [](const std::string& path, const std::string& content) {
        const ScratchTree site;
        write_site(site);
        site.write(path, content);
        return finish_artifact(site.path())->digest;
    };

    const std::set<Digest> digests{
        digest_with("a", "1"),
        digest_with("a", "2"),
        digest_with("b", "1"),
        digest_with("index.html", "1"),
        digest_with("assets/a", "1"),
    };

    CHECK(digests.size() == 5);
}

TEST_CASE("siblings that the build made are kept and not counted")
{
    const ScratchTree site;
    write_site(site);
    const auto without = finish_artifact(site.path());
    site.write("assets/app.js.br", "made by the build");
    site.write("download.gz", "a file of its own");

    const auto artifact = finish_artifact(site.path());

    CHECK(site.read("assets/app.js.br") == "made by the build");
    CHECK(artifact->files == 4);
    CHECK(artifact->digest != without->digest);
}

TEST_CASE("a directory without an index page is the user's to mend")
{
    const ScratchTree site;
    site.write("about.html", "");
    site.write("docs/index.html", "");

    const auto artifact = finish_artifact(site.path());

    REQUIRE(artifact.has_error());
    CHECK(artifact.error().failure_class == FailureClass::user);
    CHECK(artifact.error().code == "no_index_html");
}

TEST_CASE("anything but files and directories is rejected, and nothing is followed")
{
    const ScratchTree site;
    write_site(site);
    SECTION("a link to a file")
    {
        fs::create_symlink("/etc/passwd", site.path() / "assets/x");
    }
    SECTION("a link to a directory")
    {
        fs::create_directory_symlink("/etc", site.path() / "assets/x");
    }
    SECTION("a named pipe")
    {
        REQUIRE(::mkfifo((site.path() / "assets/x").c_str(), 0600) == 0);
    }

    const auto artifact = finish_artifact(site.path());

    REQUIRE(artifact.has_error());
    CHECK(artifact.error().failure_class == FailureClass::user);
    CHECK(artifact.error().code == "output_rejected");
    CHECK(artifact.error().message.find("assets/x is a ") != std::string::npos);
}

TEST_CASE("a directory that is gone is a transient failure")
{
    const ScratchTree site;

    const auto artifact = finish_artifact(site.path() / "gone");

    CHECK(artifact.error().failure_class == FailureClass::transient);
}

TEST_CASE("files and directories are made readable for the static host")
{
    const ScratchTree site;
    write_site(site);
    fs::permissions(site.path() / "index.html", fs::perms{0600});
    fs::permissions(site.path() / "logo.png", fs::perms{0777});
    fs::permissions(site.path() / "assets", fs::perms{0700});

    REQUIRE(finish_artifact(site.path()).has_value());

    CHECK((status_of(site.path() / "index.html").st_mode & 07777U) == 0644);
    CHECK((status_of(site.path() / "logo.png").st_mode & 07777U) == 0644);
    CHECK((status_of(site.path() / "assets").st_mode & 07777U) == 0755);
    CHECK((status_of(site.path() / "assets/app.js.gz").st_mode & 07777U) == 0644);
}

TEST_CASE("times follow the content: equal for equal, different for different")
{
    const auto times_of = [](const std::string& script) {
        const ScratchTree site;
        site.write("index.html", "<h1>");
        site.write("app.js", script);
        REQUIRE(finish_artifact(site.path()).has_value());
        std::vector<std::int64_t> times;
        for (const char* name : {"index.html", "app.js", "app.js.br", "app.js.gz"}) {
            const struct stat status = status_of(site.path() / name);
            CHECK(status.st_mtim.tv_nsec == 0);
            CHECK(status.st_mtim.tv_sec >= 1'420'070'400);
            CHECK(status.st_mtim.tv_sec < 1'700'000'000);
            times.push_back(status.st_mtim.tv_sec);
        }
        return times;
    };

    const auto one = times_of(std::string(3000, 'a'));
    const auto same = times_of(std::string(3000, 'a'));
    const auto other = times_of(std::string(3000, 'b'));

    CHECK(one == same);
    CHECK(one[0] == other[0]);
    for (const std::size_t changed : {1U, 2U, 3U}) {
        CHECK(one.at(changed) != other.at(changed));
    }
    CHECK(std::set<std::int64_t>{one.begin(), one.end()}.size() == 4);
}

TEST_CASE("what a crash left unfinished is cleared away")
{
    const ScratchTree site;
    write_site(site);
    site.write("assets/app.js.br.libra-unfinished", "half");

    const auto artifact = finish_artifact(site.path());

    CHECK(artifact->files == 3);
    CHECK_FALSE(fs::exists(site.path() / "assets/app.js.br.libra-unfinished"));
    CHECK(fs::exists(site.path() / "assets/app.js.br"));
}

TEST_CASE("a site is not finished once somebody has asked to stop")
{
    const ScratchTree site;
    write_site(site);
    std::stop_source stop;
    stop.request_stop();

    const auto artifact = finish_artifact(site.path(), stop.get_token());

    REQUIRE(artifact.has_error());
    CHECK(artifact.error().failure_class == FailureClass::transient);
    CHECK_FALSE(fs::exists(site.path() / "assets/app.js.br"));
}

}  // namespace
}  // namespace libra
