#include "deploy-worker/pipeline/steps/cleanup_step.hpp"
#include "deploy-worker/pipeline/steps/sync_step.hpp"
#include "deploy-worker/pipeline/steps/validate_step.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/fake_project_store.hpp"
#include "tests/support/memory_object_store.hpp"
#include "tests/support/recording_lines.hpp"
#include "tests/support/recording_log.hpp"
#include "tests/support/temporary_directory.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <iterator>

namespace libra {
namespace {

struct Fixture {
    testing::FakeClock clock;
    testing::FakeProjectStore projects;
    testing::MemoryObjectStore objects;
    testing::RecordingLines lines;
    testing::TemporaryDirectory directory;
    Job job;
    SourceLimits limits{.files = 3, .bytes = 1000};
    StepControl control{
        .output = lines,
        .commands = lines,
        .clock = clock,
        .deadline = Instant{std::chrono::hours{1}}};

    Fixture() { job.directory = directory.path() / "job"; }

    std::string code_of_validate()
    {
        const auto outcome = ValidateStep{projects, "sites.example"}.run(job, control);
        return outcome.has_error() ? outcome.error().code : "";
    }

    Outcome<void> sync() { return SyncStep{projects, objects, limits}.run(job, control); }

    std::string content(const std::string& path) const
    {
        std::ifstream file{job.tree / path, std::ios::binary};
        return {std::istreambuf_iterator<char>{file}, {}};
    }

    void add_history(const std::string& diff)
    {
        job.params.history.push_back(
            {.role = Role::assistant, .content = R"({"type":"diff","diff":[)" + diff + "]}"}
        );
    }
};

TEST_CASE("validate passes when everything still holds, and takes the quota")
{
    Fixture fixture;
    fixture.job.params.custom_domain = "shop.example.com";

    CHECK(fixture.code_of_validate().empty());
    CHECK(fixture.projects.quota_calls == 1);
}

TEST_CASE("validate names what no longer holds, and takes no quota then")
{
    Fixture fixture;

    SECTION("the project was deactivated")
    {
        fixture.projects.standing_answer = Standing{false, true, true};
        CHECK(fixture.code_of_validate() == "project_inactive");
    }

    SECTION("the project moved to another organisation")
    {
        fixture.projects.standing_answer = Standing{true, false, true};
        CHECK(fixture.code_of_validate() == "project_inactive");
    }

    SECTION("the caller lost the right to deploy")
    {
        fixture.projects.standing_answer = Standing{true, true, false};
        CHECK(fixture.code_of_validate() == "not_allowed");
    }

    SECTION("the domain is below the platform's own")
    {
        fixture.job.params.custom_domain = "evil.sites.example";
        CHECK(fixture.code_of_validate() == "invalid_domain");
    }

    SECTION("the domain belongs to another project")
    {
        fixture.job.params.custom_domain = "shop.example.com";
        fixture.projects.domain_answer = false;
        CHECK(fixture.code_of_validate() == "domain_taken");
    }

    SECTION("the database is away")
    {
        fixture.projects.standing_answer = Error{Errc::unavailable, "away"};
        CHECK(fixture.code_of_validate() == "platform_error");
    }
    CHECK(fixture.projects.quota_calls == 0);
}

TEST_CASE("validate says when an exhausted quota comes back")
{
    Fixture fixture;
    fixture.projects.quota_answer = QuotaAnswer{.taken = false, .limit = 7};

    const auto outcome =
        ValidateStep{fixture.projects, "x.example"}.run(fixture.job, fixture.control);

    REQUIRE(outcome.has_error());
    CHECK(outcome.error().failure_class == FailureClass::user);
    CHECK(outcome.error().code == "quota_exhausted");
    CHECK(outcome.error().message.find("1970-01-01T00:00:00.000Z") != std::string::npos);
}

TEST_CASE("what makes a finished release live again is not validated, and so takes no quota")
{
    Fixture fixture;
    const ValidateStep validate{fixture.projects, "x.example"};

    for (const auto& [kind, needed] :
         {std::pair{DeploymentKind::deploy, true},
          std::pair{DeploymentKind::retry, true},
          std::pair{DeploymentKind::promote, false},
          std::pair{DeploymentKind::rollback, false}}) {
        fixture.job.claim.kind = kind;
        CHECK(validate.needed(fixture.job) == needed);
    }
}

TEST_CASE("sync lays initFiles over the project's last source, and edits over both")
{
    Fixture fixture;
    SourceManifest last;
    last["old.txt"] = {.digest = *fixture.objects.put("old"), .bytes = 3};
    last["index.html"] = {.digest = *fixture.objects.put("before"), .bytes = 6};
    fixture.projects.base = *fixture.objects.put(encode_manifest(last));
    fixture.job.params.init_files = {{.path = "index.html", .content = "first"}};
    fixture.add_history(R"({"path":"index.html","type":"edit","modified":"second"})");
    fixture.add_history(R"({"path":"src/new.js","type":"create","modified":"new"},
                           {"path":"old.txt","type":"delete"})");
    fixture.job.params.history.push_back({.role = Role::assistant, .content = "Just words."});
    fixture.job.params.history.push_back({.role = Role::user, .content = "{not json"});

    const auto outcome = fixture.sync();

    REQUIRE(outcome.has_value());
    CHECK(fixture.job.source.size() == 2);
    CHECK(fixture.content("index.html") == "second");
    CHECK(fixture.content("src/new.js") == "new");
    CHECK_FALSE(std::filesystem::exists(fixture.job.tree / "old.txt"));
}

TEST_CASE("sync lays the first files of a project on its template")
{
    Fixture fixture;
    fixture.projects.site_template_answer = "plain";
    fixture.job.params.init_files = {{.path = "index.html", .content = "mine"}};

    REQUIRE(fixture.sync().has_value());

    CHECK(fixture.content("index.html") == "mine");
    CHECK(fixture.content("style.css").find("--accent") != std::string::npos);
}

TEST_CASE("sync leaves the template out where it is not the first word")
{
    Fixture fixture;
    fixture.projects.site_template_answer = "plain";
    fixture.job.params.init_files = {{.path = "index.html", .content = "mine"}};

    SECTION("the project has files of an earlier deployment")
    {
        SourceManifest last;
        last["index.html"] = {.digest = *fixture.objects.put("old"), .bytes = 3};
        fixture.projects.base = *fixture.objects.put(encode_manifest(last));
    }
    SECTION("the files of the request are to be all there are")
    {
        fixture.job.params.replace_files = true;
    }
    REQUIRE(fixture.sync().has_value());

    CHECK(fixture.job.source.size() == 1);
}

TEST_CASE("sync drops the template's lock file for a package.json that came without one")
{
    Fixture fixture;
    fixture.projects.site_template_answer = "react-vite";
    fixture.limits = {.files = 100, .bytes = 1'000'000};

    SECTION("another file came")
    {
        fixture.job.params.init_files = {{.path = "src/App.jsx", .content = "mine"}};
        REQUIRE(fixture.sync().has_value());
        CHECK(fixture.job.source.contains("package-lock.json"));
    }
    SECTION("package.json came")
    {
        fixture.job.params.init_files = {{.path = "package.json", .content = "{}"}};
        REQUIRE(fixture.sync().has_value());
        CHECK_FALSE(fixture.job.source.contains("package-lock.json"));
    }
}

TEST_CASE("sync leaves a template that this worker does not know to another worker")
{
    Fixture fixture;
    fixture.projects.site_template_answer = "of-a-newer-version";

    const auto outcome = fixture.sync();

    REQUIRE(outcome.has_error());
    CHECK(outcome.error().failure_class == FailureClass::transient);
}

TEST_CASE("sync lays initFiles over nothing where they are to replace what was there")
{
    Fixture fixture;
    SourceManifest last;
    last["old.txt"] = {.digest = *fixture.objects.put("old"), .bytes = 3};
    fixture.projects.base = *fixture.objects.put(encode_manifest(last));
    fixture.job.params.init_files = {{.path = "index.html", .content = "new"}};
    fixture.job.params.replace_files = true;

    REQUIRE(fixture.sync().has_value());

    CHECK(fixture.job.source.size() == 1);
    CHECK(fixture.content("index.html") == "new");
}

TEST_CASE("sync keeps an earlier lock file only while package.json stays as it was")
{
    Fixture fixture;
    SourceManifest last;
    last["package.json"] = {.digest = *fixture.objects.put("{}"), .bytes = 2};
    last["package-lock.json"] = {.digest = *fixture.objects.put("lock"), .bytes = 4};
    fixture.projects.base = *fixture.objects.put(encode_manifest(last));

    SECTION("another file changes")
    {
        fixture.job.params.init_files = {{.path = "index.html", .content = "x"}};
        REQUIRE(fixture.sync().has_value());
        CHECK(fixture.job.source.contains("package-lock.json"));
    }

    SECTION("package.json changes alone")
    {
        fixture.job.params.init_files = {{.path = "package.json", .content = R"({"name":"x"})"}};
        REQUIRE(fixture.sync().has_value());
        CHECK_FALSE(fixture.job.source.contains("package-lock.json"));
    }

    SECTION("the package manager changes")
    {
        fixture.job.params.init_files = {{.path = "yarn.lock", .content = "x"}};
        REQUIRE(fixture.sync().has_value());
        CHECK_FALSE(fixture.job.source.contains("package-lock.json"));
        CHECK(fixture.job.source.contains("yarn.lock"));
    }
}

TEST_CASE("sync run twice stores the same source")
{
    Fixture fixture;
    fixture.job.params.init_files = {{.path = "index.html", .content = "hello"}};
    REQUIRE(fixture.sync().has_value());
    const auto first = fixture.projects.source;

    REQUIRE(fixture.sync().has_value());

    CHECK(fixture.projects.source == first);
}

TEST_CASE("sync takes the source that an earlier attempt stored")
{
    Fixture fixture;
    fixture.job.params.init_files = {{.path = "index.html", .content = "hello"}};
    SourceManifest stored;
    stored["index.html"] = {.digest = *fixture.objects.put("stored"), .bytes = 6};
    fixture.job.claim.source = *fixture.objects.put(encode_manifest(stored));
    SECTION("where it is there")
    {
        REQUIRE(fixture.sync().has_value());
        CHECK(fixture.content("index.html") == "stored");
        CHECK_FALSE(fixture.projects.source.has_value());
    }
    SECTION("and makes it anew where it is not")
    {
        fixture.job.claim.source = sha256("gone");
        REQUIRE(fixture.sync().has_value());
        CHECK(fixture.content("index.html") == "hello");
    }
}

TEST_CASE("sync refuses a tree that cannot be deployed, and says why")
{
    Fixture fixture;
    std::string expected;

    SECTION("no files at all")
    {
        expected = "no_files";
    }

    SECTION("more files than allowed")
    {
        for (const char* path : {"a", "b", "c", "d"}) {
            fixture.job.params.init_files.push_back({.path = path, .content = "x"});
        }
        expected = "too_many_files";
    }

    SECTION("more bytes than allowed, uploads counted")
    {
        fixture.job.params.init_files = {
            {.path = "a", .content = std::string(500, 'x')},
            {.path = "b", .content = BlobRef{.digest = sha256("big"), .bytes = 501}}};
        expected = "source_too_large";
    }

    SECTION("a path that is a file and a directory")
    {
        fixture.job.params.init_files = {
            {.path = "a", .content = "x"},
            {.path = "a-b", .content = "x"},
            {.path = "a/b", .content = "x"}};
        expected = "path_conflict";
    }

    SECTION("a path that differs from another of the tree in letter case alone")
    {
        fixture.job.params.init_files = {{.path = "src/App.jsx", .content = "x"}};
        fixture.add_history(R"({"path":"SRC/App.jsx","type":"create","modified":"x"})");
        expected = "path_conflict";
    }

    SECTION("an edit with a path that leaves the tree")
    {
        fixture.add_history(R"({"path":"../etc/passwd","type":"create","modified":"x"})");
        expected = "invalid_edit";
    }

    const auto outcome = fixture.sync();
    REQUIRE(outcome.has_error());
    CHECK(outcome.error().code == expected);
    CHECK(outcome.error().failure_class == FailureClass::user);
}

TEST_CASE("sync treats a stored file that is missing as the platform's failure")
{
    Fixture fixture;
    fixture.job.params.init_files = {
        {.path = "index.html", .content = BlobRef{.digest = sha256("lost"), .bytes = 4}}};

    const auto outcome = fixture.sync();

    REQUIRE(outcome.has_error());
    CHECK(outcome.error().failure_class == FailureClass::transient);
}

TEST_CASE("cleanup removes the attempt's directory, and does so again without harm")
{
    Fixture fixture;
    std::filesystem::create_directories(fixture.job.directory / "tree" / "deep");
    testing::RecordingLog log;
    CacheStore cache{{.root = fixture.directory.path() / "cache"}, fixture.clock, log.log()};

    CHECK(CleanupStep{cache}.run(fixture.job, fixture.control).has_value());
    CHECK_FALSE(std::filesystem::exists(fixture.job.directory));
    CHECK(CleanupStep{cache}.run(fixture.job, fixture.control).has_value());
}

}  // namespace
}  // namespace libra
