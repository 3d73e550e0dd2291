#include "shared/base/secret_box.hpp"

#include "shared/base/base64.hpp"
#include "shared/base/secrets_key.hpp"

#include <catch2/catch.hpp>

namespace libra {
namespace {

const std::string k_key = to_base64(std::string(32, 'k'));
const std::string k_new_key = to_base64(std::string(32, 'n'));

SecretBox box_of(const std::string& keys)
{
    return SecretBox::from_keys(Secret{keys}).value();
}

TEST_CASE("what was sealed opens for the same place and shows nothing of itself")
{
    SystemRandom random;
    const SecretBox box = box_of(k_key);
    const std::string value = std::string("a\0b", 3) + std::string(1000, 'x');

    const std::string sealed = box.seal(value, "shop/TOKEN", random);

    CHECK(box.open(sealed, "shop/TOKEN").value() == value);
    CHECK(sealed.find("xxx") == std::string::npos);
    CHECK(sealed.size() == value.size() + 29);
    CHECK(sealed != box.seal(value, "shop/TOKEN", random));
    CHECK(box.open(box.seal("", "p", random), "p").value().empty());
}

TEST_CASE("a sealed secret does not open elsewhere, under another key, or when it was changed")
{
    SystemRandom random;
    const SecretBox box = box_of(k_key);
    const std::string sealed = box.seal("value", "shop/TOKEN", random);

    CHECK(box.open(sealed, "other/TOKEN").error().code == Errc::rejected);
    CHECK(box_of(k_new_key).open(sealed, "shop/TOKEN").error().code == Errc::rejected);
    for (std::size_t at = 0; at < sealed.size(); ++at) {
        std::string changed = sealed;
        changed[at] = static_cast<char>(changed[at] ^ 1);
        CHECK(box.open(changed, "shop/TOKEN").error().code == Errc::rejected);
        CHECK(box.open(sealed.substr(0, at), "shop/TOKEN").has_error());
    }
}

TEST_CASE("a new key before the old one seals, and both open")
{
    SystemRandom random;
    const std::string old = box_of(k_key).seal("value", "p", random);
    const SecretBox both = box_of(k_new_key + "," + k_key);

    CHECK(both.open(old, "p").value() == "value");
    CHECK(box_of(k_new_key).open(both.seal("value", "p", random), "p").value() == "value");
}

TEST_CASE("what an older key sealed is told from what the first one did")
{
    SystemRandom random;
    const std::string old = box_of(k_key).seal("value", "p", random);
    const SecretBox both = box_of(k_new_key + "," + k_key);

    CHECK_FALSE(both.is_current(old, "p"));
    CHECK(both.is_current(both.seal("value", "p", random), "p"));
    CHECK_FALSE(both.is_current(both.seal("value", "p", random), "other"));
    CHECK_FALSE(both.is_current("x", "p"));
}

TEST_CASE("a key that is not 32 bytes in base64 is refused without being told")
{
    for (const std::string& bad :
         {std::string{},
          std::string{"secret"},
          to_base64(std::string(31, 'k')),
          k_key + ",",
          k_key + " ",
          k_key.substr(1)}) {
        const auto box = SecretBox::from_keys(Secret{bad});
        CAPTURE(bad);
        REQUIRE(box.has_error());
        CHECK(box.error().code == Errc::invalid_input);
        CHECK((bad.empty() || box.error().detail.find(bad) == std::string::npos));
    }
}

TEST_CASE("the key comes from the environment, and a bad one stops the start")
{
    const auto with = [](std::string value) {
        return Environment{[value = std::move(value)](const std::string& name) {
            return name == "SECRETS_KEY" ? std::optional{value} : std::nullopt;
        }};
    };
    Environment good = with(k_key);
    Environment none = with("");
    Environment bad = with("hunter2");

    CHECK(read_secret_box(good).has_value());
    CHECK_FALSE(read_secret_box(none).has_value());
    CHECK_FALSE(read_secret_box(bad).has_value());
    CHECK(good.problems().empty());
    CHECK(none.problems().empty());
    REQUIRE(bad.problems().size() == 1);
    CHECK(bad.problems()[0].starts_with("SECRETS_KEY: "));
    CHECK(bad.problems()[0].find("hunter2") == std::string::npos);
}

}  // namespace
}  // namespace libra
