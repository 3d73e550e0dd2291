#include "deploy-worker/build/artifact.hpp"

#include "deploy-worker/build/site_check.hpp"
#include "tests/support/scratch_tree.hpp"

#include <catch2/catch.hpp>

#include <set>
#include <sys/stat.h>

namespace libra {
namespace {

namespace fs = std::filesystem;

using testing::ScratchTree;

const std::string k_script(4000, 'x');

struct Bench {
    Outcome<Artifact> finish(const ScratchTree& site, const std::stop_token& stop = {}) const
    {
        return finish_artifact(site.path(), settings, stop);
    }

    ScratchTree compressed;
    ScratchTree store;
    BlobStore blobs{store.path() / "blobs"};
    ArtifactSettings settings{.compressed = compressed.path() / "c", .known = &blobs};
};

std::vector<std::string> paths_of(const std::vector<CompressedFile>& files)
{
    std::vector<std::string> paths;
    for (const CompressedFile& file : files) {
        paths.push_back(file.path);
    }
    return paths;
}

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

TEST_CASE("an artifact lists what was built, and the compressed forms apart from it")
{
    const Bench bench;
    const ScratchTree site;
    write_site(site);

    const auto artifact = bench.finish(site);

    REQUIRE(artifact.has_value());
    CHECK(artifact->directory == site.path());
    CHECK(artifact->bytes == 14 + 2 * k_script.size());
    CHECK(
        artifact->manifest ==
        SiteManifest{
            {.path = "assets/app.js",
             .bytes = k_script.size(),
             .content_type = "text/javascript; charset=utf-8",
             .digest = sha256(k_script)},
            {.path = "index.html",
             .bytes = 14,
             .content_type = "text/html; charset=utf-8",
             .digest = sha256("<h1>hello</h1>")},
            {.path = "logo.png",
             .bytes = k_script.size(),
             .content_type = "image/png",
             .digest = sha256(k_script)},
        }
    );
    CHECK(
        paths_of(artifact->compressed) ==
        std::vector<std::string>{"assets/app.js.br", "assets/app.js.gz"}
    );
    CHECK(artifact->compressed[0].bytes == fs::file_size(artifact->compressed[0].source));
    CHECK(artifact->compressed[0].original == sha256(k_script));
    CHECK_FALSE(fs::exists(site.path() / "assets/app.js.br"));
}

TEST_CASE("equal sites have equal digests, wherever and however often they are finished")
{
    Bench bench;
    const ScratchTree one;
    const ScratchTree other;
    write_site(one);
    other.write("logo.png", k_script);
    write_site(other);

    const auto first = bench.finish(one);
    const auto again = bench.finish(one);
    bench.settings.threads = 1;
    const auto elsewhere = bench.finish(other);

    CHECK(first->digest == elsewhere->digest);
    CHECK(first->digest == again->digest);
    CHECK(paths_of(again->compressed) == paths_of(first->compressed));
    CHECK(paths_of(elsewhere->compressed) == paths_of(first->compressed));
}

TEST_CASE("a large site comes out the same whatever number of threads finish it")
{
    const ScratchTree site;
    site.write("index.html", "");
    for (int i = 0; i < 300; ++i) {
        site.write("f" + std::to_string(i) + ".js", k_script + std::to_string(i));
    }
    const auto with_threads = [&](unsigned threads) {
        Bench bench;
        bench.settings.threads = threads;
        const auto artifact = bench.finish(site);
        std::string all = artifact->digest.hex();
        for (const CompressedFile& file : artifact->compressed) {
            all += file.path + ' ' + std::to_string(file.bytes) + ' ' + file.original.hex();
        }
        return all;
    };

    CHECK(with_threads(1) == with_threads(8));
}

TEST_CASE("what was compressed for an earlier site is not compressed again")
{
    const Bench bench;
    const ScratchTree site;
    write_site(site);
    const auto first = bench.finish(site);
    for (const CompressedFile& file : first->compressed) {
        bench.blobs.keep({file.original, file.form}, file.source);
    }
    const ScratchTree next;
    next.write("index.html", "");
    next.write("renamed.js", k_script);
    next.write("new.js", k_script + "more");

    const auto second = bench.finish(next);

    CHECK(first->reused == 0);
    CHECK(second->reused == 2);
    CHECK(second->compressed.size() == 4);
    for (const CompressedFile& file : second->compressed) {
        CHECK(fs::file_size(file.source) == file.bytes);
    }
}

TEST_CASE("any change of a path or content changes the digest")
{
    const auto digest_with = [](const std::string& path, const std::string& content) {
        const ScratchTree site;
        write_site(site);
        site.write(path, content);
        return Bench{}.finish(site)->digest;
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

TEST_CASE("compressed files that the build made are kept, and are files like any other")
{
    const Bench bench;
    const ScratchTree site;
    write_site(site);
    const auto without = bench.finish(site);
    site.write("assets/app.js.br", "made by the build");
    site.write("download.gz", "a file of its own");

    const auto artifact = bench.finish(site);

    CHECK(site.read("assets/app.js.br") == "made by the build");
    CHECK(artifact->manifest.size() == 5);
    CHECK(paths_of(artifact->compressed) == std::vector<std::string>{"assets/app.js.gz"});
    CHECK(artifact->digest != without->digest);
}

TEST_CASE("a site beyond a limit is refused with the file, its size and the limit")
{
    Bench bench;
    const ScratchTree site;
    write_site(site);
    std::string code;
    std::vector<std::string> told;
    SECTION("too many files")
    {
        bench.settings.limits.files = 2;
        code = "too_many_site_files";
        told = {"3 files", "at most 2"};
    }
    SECTION("a file too large")
    {
        bench.settings.limits.file_bytes = 3999;
        code = "site_file_too_large";
        told = {"assets/app.js", "4000 bytes", "at most 3999"};
    }
    SECTION("too large in all")
    {
        bench.settings.limits.bytes = 8013;
        code = "site_too_large";
        told = {"8014 bytes", "at most 8013", "assets/app.js"};
    }

    const auto artifact = bench.finish(site);

    REQUIRE(artifact.has_error());
    CHECK(artifact.error().failure_class == FailureClass::user);
    CHECK(artifact.error().code == code);
    for (const std::string& part : told) {
        CAPTURE(artifact.error().message, part);
        CHECK(artifact.error().message.find(part) != std::string::npos);
    }
}

TEST_CASE("a directory without an index page is the user's to mend")
{
    const Bench bench;
    const ScratchTree site;
    site.write("about.html", "");
    site.write("docs/index.html", "");

    const auto artifact = bench.finish(site);

    REQUIRE(artifact.has_error());
    CHECK(artifact.error().failure_class == FailureClass::user);
    CHECK(artifact.error().code == "no_index_html");
}

TEST_CASE("an empty index page is warned of")
{
    const Bench bench;
    const ScratchTree site;
    site.write("about.html", "");
    site.write("index.html", GENERATE("", "x"));
    const bool empty = fs::is_empty(site.path() / "index.html");

    const auto artifact = bench.finish(site);

    REQUIRE(artifact.has_value());
    CHECK(warnings_about(artifact->manifest).size() == (empty ? 1 : 0));
}

TEST_CASE("an index page in another letter case is hinted at")
{
    const Bench bench;
    const ScratchTree site;
    site.write("Index.html", "x");

    const auto artifact = bench.finish(site);

    REQUIRE(artifact.has_error());
    CHECK(artifact.error().code == "no_index_html");
    CHECK_THAT(artifact.error().message, Catch::Contains("but Index.html. Rename it"));
}

TEST_CASE("anything but files and directories is rejected, and nothing is followed")
{
    const Bench bench;
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

    const auto artifact = bench.finish(site);

    REQUIRE(artifact.has_error());
    CHECK(artifact.error().failure_class == FailureClass::user);
    CHECK(artifact.error().code == "output_rejected");
    CHECK(artifact.error().message.find("assets/x is a ") != std::string::npos);
}

TEST_CASE("a directory that is gone is a transient failure")
{
    const Bench bench;
    const ScratchTree site;

    const auto artifact = finish_artifact(site.path() / "gone", bench.settings);

    CHECK(artifact.error().failure_class == FailureClass::transient);
}

TEST_CASE("files and directories are made readable for the static host")
{
    const Bench bench;
    const ScratchTree site;
    write_site(site);
    fs::permissions(site.path() / "index.html", fs::perms{0600});
    fs::permissions(site.path() / "logo.png", fs::perms{0777});
    fs::permissions(site.path() / "assets", fs::perms{0700});

    REQUIRE(bench.finish(site).has_value());

    CHECK((status_of(site.path() / "index.html").st_mode & 07777U) == 0644);
    CHECK((status_of(site.path() / "logo.png").st_mode & 07777U) == 0644);
    CHECK((status_of(site.path() / "assets").st_mode & 07777U) == 0755);
    CHECK((status_of(bench.settings.compressed / "assets/app.js.gz").st_mode & 07777U) == 0644);
}

TEST_CASE("times follow the content: equal for equal, different for different")
{
    const auto times_of = [](const std::string& script) {
        const Bench bench;
        const ScratchTree site;
        site.write("index.html", "<h1>");
        site.write("app.js", script);
        const auto artifact = bench.finish(site);
        std::vector<std::int64_t> times;
        for (const fs::path& file :
             {site.path() / "index.html",
              site.path() / "app.js",
              artifact->compressed.at(0).source,
              artifact->compressed.at(1).source}) {
            const struct stat status = status_of(file);
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

TEST_CASE("compressed files of a run that crashed are cleared away")
{
    const Bench bench;
    const ScratchTree site;
    write_site(site);
    fs::create_directories(bench.settings.compressed / "assets");
    bench.compressed.write("c/assets/app.js.br", "half");

    const auto artifact = bench.finish(site);

    CHECK(artifact->compressed.size() == 2);
    CHECK(bench.compressed.read("c/assets/app.js.br") != "half");
}

TEST_CASE("a site is not finished once somebody has asked to stop")
{
    const Bench bench;
    const ScratchTree site;
    write_site(site);
    std::stop_source stop;
    stop.request_stop();

    const auto artifact = bench.finish(site, stop.get_token());

    REQUIRE(artifact.has_error());
    CHECK(artifact.error().failure_class == FailureClass::transient);
    CHECK_FALSE(fs::exists(bench.settings.compressed / "assets/app.js.br"));
}

}  // namespace
}  // namespace libra
