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
        std::map<std::string, std::string>{{"x-libra-reason", "it is not JSON \xEF\xBF\xBD"}}
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

}  // namespace
}  // namespace libra
