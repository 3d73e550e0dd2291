#include "api-gateway/accounts/new_credential.hpp"

#include "tests/support/fake_random.hpp"

#include <catch2/catch.hpp>

namespace libra {
namespace {

TEST_CASE("a new credential is 256 random bits behind a prefix that scanners know")
{
    testing::FakeRandom random{0xFF};

    const NewCredential made = new_credential(random);

    CHECK(made.secret.reveal() == "libra_" + std::string(42, '_') + "8");
    CHECK(made.digest == sha256(made.secret.reveal()));
}

TEST_CASE("no two new credentials are alike")
{
    SystemRandom random;

    CHECK(new_credential(random).secret.reveal() != new_credential(random).secret.reveal());
}

}  // namespace
}  // namespace libra
