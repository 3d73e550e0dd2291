#include "deploy-worker/sandbox/sandbox_place.hpp"
#include "tests/integration/sandbox/sandbox_fixture.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sys/stat.h>

namespace libra {
namespace {

namespace fs = std::filesystem;
using Lines = std::vector<std::string>;
using testing::live_paths;
using testing::Ran;
using testing::run_script;
using testing::ScratchTree;
using testing::TestWorker;
using testing::traces;

/// A worker with a project's tree and a place for an image.
struct Bench {
    Bench()
    {
        source.write("package.json", "{}");
        source.write("src/index.js", "first");
        fs::create_directory(images);
    }

    std::unique_ptr<Sandbox> sandbox(const std::string& id, bool with_base)
    {
        SandboxSpec spec{.id = id, .limits = TestWorker::small()};
        if (with_base) {
            spec.base = image;
        }
        auto made = provider.create(spec);
        if (!made) {
            FAIL(made.error().detail);
        }
        return std::move(*made);
    }

    Ran run(Sandbox& sandbox, const std::string& script)
    {
        return run_script(worker, sandbox, script);
    }

    /// Leaves an image of what `script` does after the upload.
    void make_image(const std::string& script)
    {
        const auto first = sandbox("maker", false);
        REQUIRE(first->upload(source.path()).has_value());
        const Ran ran = run(*first, script);
        INFO(ran.lines.text());
        REQUIRE(ran.exit.value().exit_code == 0);
        const auto kept = first->checkpoint(source.path(), image);
        if (!kept) {
            FAIL(kept.error().detail);
        }
        REQUIRE(first->destroy().has_value());
        REQUIRE(fs::exists(image));
    }

    TestWorker worker;
    ScratchTree source;
    fs::path images{worker.state.path() / "images"};
    fs::path image{images / "one.img"};
    LocalSandboxProvider& provider{worker.provider};
};

constexpr const char* k_install =
    "mkdir -p node_modules/.bin node_modules/a src/node_modules && echo 1 > node_modules/a/x.js && "
    "ln -s ../a/x.js node_modules/.bin/a && chmod 444 node_modules/a/x.js && "
    "echo nested > src/node_modules/y && mkdir -p ~/.cache && echo tool > ~/.cache/browser";

TEST_CASE("after a checkpoint a sandbox has what it had, and its own network")
{
    Bench bench;
    const auto sandbox = bench.sandbox("same", false);
    REQUIRE(sandbox->upload(bench.source.path()).has_value());
    bench.run(*sandbox, k_install);

    const auto kept = sandbox->checkpoint(bench.source.path(), bench.image);
    const auto ran = bench.run(
        *sandbox,
        "cat package.json node_modules/.bin/a src/node_modules/y src/index.js ~/.cache/browser; "
        "find node_modules/a/x.js -printf '%u\\n'; test -d ~/.local/lib && echo ~/.local/lib"
    );

    REQUIRE(kept.has_value());
    INFO(ran.lines.text());
    CHECK(
        ran.lines.out() == Lines{"{}1", "nested", "firsttool", "build", "/home/build/.local/lib"}
    );
    CHECK(*sandbox->read_file("src/index.js", 10) == "first");
}

TEST_CASE("another sandbox begins with an image, and changes nothing in it")
{
    const bool overlay = GENERATE(true, false);
    TestWorker worker{{}, overlay};
    INFO("overlay: " << overlay);
    Bench bench;
    bench.make_image(k_install);
    // Keeps the first range of user ids, so that the next sandbox has others than the image.
    const auto neighbour = bench.sandbox("neighbour", false);
    bench.source.write("src/index.js", "second");

    const auto look = "cat node_modules/.bin/a src/node_modules/y ~/.cache/browser; find . -type f "
                      "| sort; find node_modules/a/x.js -maxdepth 0 -printf '%U:%G\\n'";
    for (const char* id : {"two", "three"}) {
        SandboxSpec spec{.id = id, .limits = TestWorker::small(), .base = bench.image};
        auto made = worker.provider.create(spec);
        if (!made) {
            FAIL(made.error().detail);
        }
        const auto before = run_script(worker, **made, look);
        REQUIRE((*made)->upload(bench.source.path()).has_value());
        const auto after = run_script(
            worker,
            **made,
            "cat src/index.js; echo; chmod 644 node_modules/a/x.js && echo evil > "
            "node_modules/a/x.js && rm -r src/node_modules && mv node_modules/a node_modules/b && "
            "rm ~/.cache/browser && echo changed"
        );

        CHECK(
            before.lines.out() ==
            Lines{
                "1", "nested", "tool", "./node_modules/a/x.js", "./src/node_modules/y", "1000:1000"}
        );
        INFO(after.lines.text());
        CHECK(after.lines.out() == Lines{"second", "changed"});
        CHECK((*made)->destroy().has_value());
    }
}

TEST_CASE("homes of other images are below a sandbox's own, and not in the image it leaves")
{
    const bool overlay = GENERATE(true, false);
    INFO("overlay: " << overlay);
    TestWorker worker{{}, overlay};
    Bench bench;
    bench.make_image("mkdir ~/tool && echo tool > ~/tool/run && echo 1 > ~/both && touch here");
    const fs::path other = bench.images / "other.img";
    auto sandbox =
        worker.provider
            .create({.id = "user", .limits = TestWorker::small(), .homes = {bench.image}})
            .value();

    REQUIRE(sandbox->upload(bench.source.path()).has_value());
    const auto before = run_script(
        worker, *sandbox, "cat ~/tool/run ~/both; ls; echo 2 > ~/both; mkdir node_modules"
    );
    const auto kept = sandbox->checkpoint(bench.source.path(), other);
    const auto after = run_script(worker, *sandbox, "cat ~/tool/run ~/both; ls");
    REQUIRE(sandbox->destroy().has_value());
    sandbox =
        worker.provider
            .create(
                {.id = "user", .limits = TestWorker::small(), .base = other, .homes = {bench.image}}
            )
            .value();
    const auto next = run_script(worker, *sandbox, "cat ~/tool/run ~/both; ls");

    CHECK(before.lines.out() == Lines{"tool", "1", "package.json", "src"});
    REQUIRE(kept.has_value());
    CHECK(after.lines.out() == Lines{"tool", "2", "node_modules", "package.json", "src"});
    CHECK(next.lines.out() == Lines{"tool", "2", "node_modules"});
}

TEST_CASE("of a base only what is named is there, if anything is named")
{
    Bench bench;
    bench.make_image(
        std::string{k_install} +
        " && mkdir -p .nuxt/deep dist && echo old > .nuxt/deep/x && echo old > "
        "dist/x && touch .pnp.cjs && ln -s /etc link"
    );

    const auto made = bench.provider.create(
        {.id = "some",
         .limits = TestWorker::small(),
         .base = bench.image,
         .base_keeps = {"node_modules", ".pnp.cjs"}}
    );
    const auto ran = bench.run(**made, "find . ! -type d | sort; ls -A");

    CHECK(
        ran.lines.out() ==
        Lines{
            "./.pnp.cjs",
            "./node_modules/.bin/a",
            "./node_modules/a/x.js",
            "./src/node_modules/y",
            ".pnp.cjs",
            "node_modules",
            "src"}
    );
}

TEST_CASE("an image can be removed while sandboxes use it")
{
    Bench bench;
    bench.make_image(k_install);
    const auto sandbox = bench.sandbox("user", true);

    fs::remove(bench.image);
    const auto ran = bench.run(*sandbox, "cat node_modules/a/x.js");

    CHECK(ran.lines.out() == Lines{"1"});
}

TEST_CASE("an installation that changed the project's own files is not set aside, and goes on")
{
    Bench bench;
    const auto* const change = GENERATE(
        "echo more >> src/index.js",
        "rm package.json",
        "rm package.json && ln -s /etc/passwd package.json",
        "mv src other && ln -s other src",
        "rm package.json && mkdir package.json"
    );
    const auto sandbox = bench.sandbox("changed", false);
    REQUIRE(sandbox->upload(bench.source.path()).has_value());
    bench.run(*sandbox, std::string{change} + "; touch here");

    const auto kept = sandbox->checkpoint(bench.source.path(), bench.image);
    const auto ran = bench.run(*sandbox, "test -e here && echo here");

    INFO(change);
    REQUIRE(kept.has_error());
    CHECK(kept.error().code == Errc::rejected);
    CHECK(ran.lines.out() == Lines{"here"});
    CHECK(sandbox->destroy().has_value());
    CHECK_FALSE(fs::exists(bench.image));
}

TEST_CASE("what an installation left running does not outlive the checkpoint")
{
    Bench bench;
    const std::string seconds = testing::unique_seconds();
    const auto sandbox = bench.sandbox("daemon", false);
    REQUIRE(sandbox->upload(bench.source.path()).has_value());
    bench.run(
        *sandbox,
        "setsid sh -c 'touch /tmp/up; sleep " + seconds +
            "; true' & until [ -e /tmp/up ]; do :; done"
    );
    REQUIRE(traces(seconds).empty() != testing::host_sees_processes());

    REQUIRE(sandbox->checkpoint(bench.source.path(), bench.image).has_value());

    CHECK(traces(seconds).empty());
}

TEST_CASE("an image holds nothing of the project, and nothing of what was done after it")
{
    Bench bench;
    const auto sandbox = bench.sandbox("maker", false);
    REQUIRE(sandbox->upload(bench.source.path()).has_value());
    bench.run(*sandbox, k_install);
    REQUIRE(sandbox->checkpoint(bench.source.path(), bench.image).has_value());
    bench.run(
        *sandbox,
        "mkdir dist && echo built > dist/index.html && echo no > node_modules/late && "
        "head -c 100M /dev/zero > dist/big && echo x > /tmp/x"
    );
    REQUIRE(sandbox->destroy().has_value());

    const auto next = bench.sandbox("next", true);
    const auto ran = bench.run(*next, "find . -type f | sort; find /tmp -mindepth 1");

    struct stat info {};

    CHECK(ran.lines.out() == Lines{"./node_modules/a/x.js", "./src/node_modules/y"});
    REQUIRE(::stat(bench.image.c_str(), &info) == 0);
    CHECK(info.st_blocks * 512 < (50 << 20));  // what was removed takes no place
}

TEST_CASE("a base that is damaged or gone is refused, and leaves nothing behind")
{
    Bench bench;
    bench.make_image(k_install);
    SECTION("it is no file system")
    {
        std::ofstream{bench.image, std::ios::trunc} << "nonsense";
    }
    SECTION("it is cut off")
    {
        fs::resize_file(bench.image, 1 << 20);
    }
    SECTION("it is empty")
    {
        fs::resize_file(bench.image, 0);
        fs::resize_file(bench.image, 512U << 20U);
    }
    SECTION("it is gone")
    {
        fs::remove(bench.image);
    }

    const auto made =
        bench.provider.create({.id = "damaged", .limits = TestWorker::small(), .base = bench.image}
        );

    REQUIRE(made.has_error());
    CHECK(made.error().code == Errc::rejected);
    CHECK(traces(bench.worker.state.path().filename().string()).empty());
    CHECK(live_paths(bench.worker).empty());
}

TEST_CASE("a sandbox with a base, or after a checkpoint, leaves nothing on the machine")
{
    Bench bench;
    bench.make_image(k_install);
    const std::string mark = bench.worker.state.path().filename().string();
    CHECK(traces(mark).empty());
    auto sandbox = bench.sandbox("gone", true);
    bench.run(*sandbox, "echo x > y");
    REQUIRE_FALSE(traces(mark).empty());

    SECTION("it is destroyed")
    {
        CHECK(sandbox->destroy().has_value());
    }
    SECTION("it is found by its name alone")
    {
        LocalSandboxProvider next_life{
            bench.worker.config, bench.worker.clock, bench.worker.log.log()};
        CHECK(next_life.remove_orphans(bench.worker.config.worker_id).has_value());
    }

    CHECK(traces(mark).empty());
    CHECK(live_paths(bench.worker).empty());
}

}  // namespace
}  // namespace libra
