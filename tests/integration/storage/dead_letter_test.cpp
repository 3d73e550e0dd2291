#include "network.hpp"
#include "shared/storage/pg_dead_letter_store.hpp"
#include "shared/storage/pg_redrive_store.hpp"
#include "stage.hpp"

namespace libra {
namespace {

using testing::Stage;

TEST_CASE("a poison message is one dead letter however often it is delivered, byte for byte")
{
    Stage stage;
    PgDeadLetterStore dead_letters{stage.pool, {}};
    const std::string poison{"not json \0\xff", 11};

    for (int delivery = 0; delivery < 3; ++delivery) {
        REQUIRE(dead_letters.record_poison(poison, "it is not JSON \xff").has_value());
    }

    const auto rows = stage.outbox.claim("relay", 10, std::chrono::seconds{30}).value();
    REQUIRE(rows.size() == 1);
    CHECK(rows[0].payload == poison);
    CHECK(rows[0].exchange == "deployment.dlx");
    CHECK(rows[0].routing_key == "deployment-dlq");
    CHECK(
        rows[0].headers ==
        std::map<std::string, std::string>{
            {"x-libra-reason", "it is not JSON \xEF\xBF\xBD"},
            {"x-libra-dead-letter", stage.database.text("select id from dead_letters")}}
    );
    CHECK(
        stage.database.text("select failure_class || length(message) from dead_letters") ==
        "poison11"
    );
}

TEST_CASE("a poison message that comes again after its letter was resolved is a new letter")
{
    Stage stage;
    PgDeadLetterStore dead_letters{stage.pool, {}};
    PgRedriveStore redrives{stage.pool, {}};
    REQUIRE(dead_letters.record_poison("message", "r").has_value());
    const auto letter = stage.database.number("select id from dead_letters");
    REQUIRE(redrives.discard(letter, "noise", {"ops", "r"}).value());

    REQUIRE(dead_letters.record_poison("message", "r").has_value());

    CHECK(
        stage.database.text("select string_agg(state || ' ' || coalesce(resolution, '-'), ', ' "
                            "order by id) from dead_letters") == "discarded noise, open -"
    );
}

TEST_CASE("different poison messages are different dead letters")
{
    Stage stage;
    PgDeadLetterStore dead_letters{stage.pool, {}};

    REQUIRE(dead_letters.record_poison("one", "r").has_value());
    REQUIRE(dead_letters.record_poison("two", "r").has_value());

    CHECK(stage.database.number("select count(*) from dead_letters") == 2);
}

TEST_CASE("a deployment whose message the broker gave up on has failed")
{
    Stage stage;
    PgDeadLetterStore dead_letters{stage.pool, {}};
    SECTION("while it was queued")
    {
        stage.accept("d1");
    }
    SECTION("after its worker died")
    {
        stage.accept_and_claim("d1");
        stage.let_lease_expire("d1");
    }
    stage.lose_messages();

    for (int found = 0; found < 2; ++found) {
        REQUIRE(dead_letters.bury("message", "delivered too often", "d1").has_value());
    }
    REQUIRE(dead_letters.copies_sent().value() == 0);

    CHECK(
        stage.database.text("select concat_ws('|', status, failure_class, error_code) "
                            "from deployments") == "failed|poison|undeliverable"
    );
    CHECK(
        stage.database.text(
            "select string_agg(concat_ws('|', deployment_id, failure_class, reason, "
            "convert_from(message, 'UTF8')), '; ') from dead_letters"
        ) == "d1|poison|delivered too often|message"
    );
    CHECK(stage.project_status() == "failed");
    stage.lose_messages();
    CHECK(dead_letters.copies_sent().value() == 1);
    const auto letter = stage.database.number("select id from dead_letters");
    CHECK(dead_letters.copy_of(letter, "message").value() == LetterCopy::wanted);
}

TEST_CASE("a dead letter of the broker is recorded once though its commit got no answer")
{
    Stage stage;
    stage.accept("d1");
    stage.lose_messages();
    testing::Network network{stage.database};
    PgPool pool{network.settings, stage.clock};
    PgDeadLetterStore dead_letters{pool, {}};
    network.proxy.lose_answer_to("COMMIT");

    REQUIRE(dead_letters.bury("message", "delivered too often", "d1").has_value());

    CHECK(network.proxy.lost_an_answer());
    CHECK(stage.status("d1") == "failed");
    CHECK(stage.database.number("select count(*) from dead_letters") == 1);
    CHECK(stage.database.number("select count(*) from outbox where not event") == 1);
}

TEST_CASE("a dead message fails no deployment that goes on without it")
{
    Stage stage;
    PgDeadLetterStore dead_letters{stage.pool, {}};
    stage.accept("d1");
    std::string id = "d1";
    std::string status = "queued";
    SECTION("it is announced anew") {}
    SECTION("somebody runs it")
    {
        stage.lose_messages();
        stage.claim("d1");
        status = "in_progress";
    }
    SECTION("it is over")
    {
        stage.lose_messages();
        REQUIRE(stage.work.complete(stage.claim("d1").lease, {}).has_value());
        status = "completed";
    }
    SECTION("it is live, and its worker died")
    {
        stage.lose_messages();
        stage.go_live(stage.claim("d1").lease);
        stage.let_lease_expire("d1");
        status = "in_progress";
    }
    SECTION("it was cancelled, and its worker died")
    {
        stage.lose_messages();
        stage.claim("d1");
        stage.cancel("d1");
        stage.let_lease_expire("d1");
        status = "in_progress";
    }
    SECTION("it waits for its project's active deployment")
    {
        stage.accept("d2", OnConflict::queue);
        stage.lose_messages();
        id = "d2";
    }
    SECTION("it waits for a slot")
    {
        stage.lose_messages();
        stage.database.run("update deployments set parked = true");
    }

    REQUIRE(dead_letters.bury("message", "delivered too often", id).has_value());

    CHECK(stage.status(id) == status);
    CHECK(stage.database.text("select deployment_id from dead_letters") == id);
}

TEST_CASE("a dead message of no deployment, or of one that nobody knows, is a letter of its own")
{
    Stage stage;
    PgDeadLetterStore dead_letters{stage.pool, {}};

    for (int found = 0; found < 2; ++found) {
        REQUIRE(dead_letters.bury("unreadable", "r", std::nullopt).has_value());
        REQUIRE(dead_letters.bury("of nobody", "r", "none").has_value());
    }

    CHECK(
        stage.database.number("select count(*) from dead_letters where deployment_id is null") == 2
    );
}

TEST_CASE("what the broker gave up on gives its quota and its slot back, and can be redriven")
{
    Stage stage;
    PgDeadLetterStore dead_letters{stage.pool, {}};
    PgRedriveStore redrives{stage.pool, {}};
    const auto lease = stage.accept_and_claim("d1");
    REQUIRE(stage.projects.take_quota(lease).value().taken);
    stage.let_lease_expire("d1");
    stage.lose_messages();

    REQUIRE(dead_letters.bury("message", "delivered too often", "d1").has_value());

    CHECK(stage.database.number("select used from plan_allowances") == 0);
    CHECK(stage.database.number("select count(*) from slots where deployment_id is not null") == 0);
    CHECK(stage.database.text("select outcome from attempts") == "lease_lost");
    CHECK(stage.work.renew(lease).error().code == Errc::fenced);
    const auto letter = stage.database.number("select id from dead_letters");
    CHECK(redrives.redrive(letter, {"ops", "r"}).value() == RedriveVerdict::requeued);
    CHECK(stage.announced() == "d1");
}

TEST_CASE("a copy is known by the number and the message of its letter")
{
    Stage stage;
    PgDeadLetterStore dead_letters{stage.pool, {}};
    PgRedriveStore redrives{stage.pool, {}};
    REQUIRE(dead_letters.record_poison("message", "r").has_value());
    const auto letter = stage.database.number("select id from dead_letters");

    CHECK(dead_letters.copy_of(letter, "message").value() == LetterCopy::wanted);
    CHECK(dead_letters.copy_of(letter, "edited").value() == LetterCopy::unknown);
    CHECK(dead_letters.copy_of(letter + 1, "message").value() == LetterCopy::unknown);
    REQUIRE(redrives.discard(letter, "noise", {"ops", "r"}).value());
    CHECK(dead_letters.copy_of(letter, "message").value() == LetterCopy::resolved);
}

TEST_CASE("copies are sent again for letters that are open, and once")
{
    Stage stage;
    PgDeadLetterStore dead_letters{stage.pool, {}};
    PgRedriveStore redrives{stage.pool, {}};
    std::vector<std::int64_t> ids;
    for (const char* message : {"resolved", "open", "other"}) {
        REQUIRE(dead_letters.record_poison(message, "r").has_value());
        ids.push_back(stage.database.number("select max(id) from dead_letters"));
    }
    REQUIRE(redrives.discard(ids[0], "noise", {"ops", "r"}).value());
    CHECK(dead_letters.copies_sent().value() == 0);
    stage.lose_messages();
    CHECK(dead_letters.copies_sent().value() == 2);
    CHECK(dead_letters.letters_sent(10).value() == std::vector{ids[1], ids[2]});
    CHECK(dead_letters.letters_sent(1).value() == std::vector{ids[1]});

    CHECK(dead_letters.send_again({ids[0], ids[1]}).value() == 1);
    CHECK(dead_letters.send_again({ids[0], ids[1]}).value() == 0);

    const auto rows = stage.outbox.claim("relay", 10, std::chrono::seconds{30}).value();
    REQUIRE(rows.size() == 1);
    CHECK(rows[0].payload == "open");
    CHECK(rows[0].routing_key == "deployment-dlq");
    CHECK(rows[0].headers.at("x-libra-dead-letter") == std::to_string(ids[1]));
    CHECK(dead_letters.letters_sent(10).value() == std::vector{ids[2]});
}

}  // namespace
}  // namespace libra
