#include "shared/storage/pg_dead_letter_store.hpp"
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

    REQUIRE(dead_letters.bury("message", "delivered too often", "d1").has_value());
    REQUIRE(dead_letters.copies_sent().value() == 0);

    CHECK(
        stage.database.text("select concat_ws('|', status, failure_class, error_code) "
                            "from deployments") == "failed|poison|undeliverable"
    );
    CHECK(
        stage.database.text("select concat_ws('|', deployment_id, failure_class, reason) "
                            "from dead_letters") == "d1|poison|delivered too often"
    );
    CHECK(stage.project_status() == "failed");
    stage.lose_messages();
    CHECK(dead_letters.copies_sent().value() == 1);
    const auto letter = stage.database.number("select id from dead_letters");
    CHECK(dead_letters.copy_of(letter).value() == LetterCopy::wanted);
    CHECK(dead_letters.copy_of(letter + 1).value() == LetterCopy::unknown);
}

TEST_CASE("a dead message of a deployment that somebody runs, or that is over, changes it not")
{
    Stage stage;
    PgDeadLetterStore dead_letters{stage.pool, {}};
    const auto lease = stage.accept_and_claim("d1");
    std::string status = "in_progress";
    SECTION("somebody runs it") {}
    SECTION("it is over")
    {
        REQUIRE(stage.work.complete(lease, {}).has_value());
        status = "completed";
    }

    REQUIRE(dead_letters.bury("message", "delivered too often", "d1").has_value());
    REQUIRE(dead_letters.bury("other message", "unreadable", std::nullopt).has_value());

    CHECK(stage.status("d1") == status);
    CHECK(
        stage.database.number("select count(*) from dead_letters where deployment_id is null") == 2
    );
}

}  // namespace
}  // namespace libra
