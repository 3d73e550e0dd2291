#include "shared/storage/pg_upload_store.hpp"
#include "shared/wire/deploy_request.hpp"
#include "shared/wire/queue_message.hpp"
#include "stage.hpp"

#include <pqxx/transaction_base>

#include <set>

namespace libra {
namespace {

using testing::Stage;

const Digest k_logo = sha256("logo");
const Digest k_photo = sha256("photo");

struct FileStage : Stage {
    PgUploadStore files{pool};

    void upload(const Digest& digest, std::uint64_t bytes, const std::string& org = "org-1")
    {
        REQUIRE(files.record(org, digest, bytes, "user-1").has_value());
    }

    void add_organization(const std::string& id) const
    {
        database.run("insert into organizations (id, name) values ('" + id + "', 'Other')");
    }

    UploadAccess access(const Principal& caller, const std::string& org = "org-1")
    {
        return files.access(caller, org).value();
    }

    NewDeployment with_files(const std::string& id, const std::vector<Digest>& digests) const
    {
        DeploymentParams params{.project_id = "project-1", .org_id = "org-1", .user_id = "user-1"};
        params.init_files.push_back({.path = "index.html", .content = "text"});
        for (const Digest& digest : digests) {
            params.init_files.push_back(
                {.path = std::to_string(params.init_files.size()), .content = Upload{digest}}
            );
        }
        NewDeployment deployment = new_deployment(id);
        deployment.params_json = encode_params(params);
        deployment.has_uploads = params.has_uploads();
        return deployment;
    }

    std::string last_use(const Digest& digest) const
    {
        return database.text(
            "select coalesce(to_char(last_used_at, 'YYYY'), 'never') from uploaded_files "
            "where digest = decode('" +
            digest.hex() + "', 'hex')"
        );
    }
};

TEST_CASE_METHOD(FileStage, "a file is new to an organisation once, and to each by itself")
{
    add_organization("org-2");

    CHECK(files.record("org-1", k_logo, 4, "user-1").value());
    CHECK_FALSE(files.record("org-1", k_logo, 4, "user-1").value());
    CHECK(files.record("org-2", k_logo, 4, "user-2").value());
    CHECK(
        database.text("select uploaded_by from uploaded_files where org_id = 'org-2'") == "user-2"
    );
}

TEST_CASE_METHOD(FileStage, "of the files asked for those of the organisation are there")
{
    add_organization("org-2");
    upload(k_logo, 4);
    upload(k_photo, 5, "org-2");

    CHECK(files.uploaded("org-1", {k_logo, k_photo}).value() == std::set<Digest>{k_logo});
    CHECK(files.uploaded("org-2", {k_logo, k_photo}).value() == std::set<Digest>{k_photo});
    CHECK(files.uploaded("org-1", {}).value().empty());
    CHECK(files.uploaded("org-none", {k_logo}).value().empty());
}

TEST_CASE_METHOD(FileStage, "what a caller may do follows from role, scope and kind of token")
{
    const Principal user{.user_id = "user-1", .scopes = {"deploy"}};
    const Principal stranger{.user_id = "user-9", .scopes = {"deploy"}};
    const Principal service{.user_id = "builder", .service = true, .scopes = {"deploy"}};
    const Principal admin{.user_id = "ops", .scopes = {"admin"}};
    add_organization("org-2");

    CHECK(access(user) == UploadAccess::upload);
    CHECK(access(user, "org-2") == UploadAccess::none);
    CHECK(access(stranger) == UploadAccess::none);
    CHECK(access(service) == UploadAccess::upload);
    CHECK(access(admin) == UploadAccess::upload);
    for (const Principal& caller : {user, stranger, service, admin}) {
        CHECK(access(caller, "org-none") == UploadAccess::none);
    }
    database.run("update members set role = 'viewer'");
    CHECK(access(user) == UploadAccess::look);
}

TEST_CASE_METHOD(FileStage, "a deployment of uploaded files is accepted with their sizes")
{
    upload(k_logo, 4);
    upload(k_photo, 5'000'000'000);

    REQUIRE(admit(with_files("d1", {k_logo, k_photo, k_logo})) == AdmissionVerdict::accepted);

    const auto params =
        decode_params(database.text("select params::text from deployments")).value();
    REQUIRE(params.init_files.size() == 4);
    CHECK(params.init_files[0].content == Content{"text"});
    CHECK(params.init_files[1].content == Content{BlobRef{.digest = k_logo, .bytes = 4}});
    CHECK(
        params.init_files[2].content == Content{BlobRef{.digest = k_photo, .bytes = 5'000'000'000}}
    );
    CHECK(params.init_files[3].content == Content{BlobRef{.digest = k_logo, .bytes = 4}});
    const auto message = outbox.claim("relay", 10, std::chrono::seconds{30}).value().at(0);
    CHECK(decode_queue_message(message.payload).value().params == params);
}

TEST_CASE_METHOD(FileStage, "what another organisation uploaded is missing here")
{
    add_organization("org-2");
    upload(k_logo, 4);
    upload(k_photo, 5, "org-2");

    const Admission admission =
        admissions.admit(seeded.credential(), with_files("d1", {k_logo, k_photo, k_photo})).value();

    CHECK(admission.verdict == AdmissionVerdict::missing_files);
    CHECK(admission.missing == std::set<Digest>{k_photo});
    CHECK(database.number("select count(*) from deployments") == 0);
    CHECK(last_use(k_logo) == "never");
}

TEST_CASE_METHOD(FileStage, "who may not deploy does not learn what is missing")
{
    database.run("delete from members");

    CHECK(admit(with_files("d1", {k_logo})) == AdmissionVerdict::not_a_member);
}

TEST_CASE_METHOD(FileStage, "what a stored blob has beside it is not looked up among the uploads")
{
    NewDeployment deployment = with_files("d1", {});
    upload(k_logo, 4);
    deployment.params_json = R"({"projectId":"project-1","initFiles":[{"path":"a","sha256":")" +
                             k_photo.hex() + R"(","bytes":7},{"path":"b","sha256":")" +
                             k_logo.hex() + R"("}]})";
    deployment.has_uploads = true;

    CHECK(admit(deployment) == AdmissionVerdict::accepted);
}

TEST_CASE_METHOD(FileStage, "the last use of a file is noted, to the hour")
{
    upload(k_logo, 4);
    upload(k_photo, 5);
    CHECK(last_use(k_logo) == "never");

    REQUIRE(admit(with_files("d1", {k_logo})) == AdmissionVerdict::accepted);

    CHECK(last_use(k_logo) == database.text("select to_char(now(), 'YYYY')"));
    CHECK(last_use(k_photo) == "never");
}

TEST_CASE_METHOD(FileStage, "a file that others use at the same time keeps nobody waiting")
{
    upload(k_logo, 4);
    PgPool other{database.settings(), clock};

    const auto held = other.transact([&](pqxx::transaction_base& transaction) -> Result<void> {
        transaction.exec("select from uploaded_files for update");
        CHECK(admit(with_files("d1", {k_logo})) == AdmissionVerdict::accepted);
        return {};
    });

    CHECK(held.has_value());
    CHECK(last_use(k_logo) == "never");
}

TEST_CASE_METHOD(FileStage, "a request with uploads sent again under its key is the same request")
{
    upload(k_logo, 4);
    NewDeployment first = with_files("d1", {k_logo});
    first.idempotency_key = "key-1";
    NewDeployment again = with_files("d2", {k_logo});
    again.idempotency_key = "key-1";
    REQUIRE(admit(first) == AdmissionVerdict::accepted);
    database.run("delete from uploaded_files");

    CHECK(admissions.admit(seeded.credential(), again).value().earlier_deployment == "d1");
}

}  // namespace
}  // namespace libra
