#include "shared/domain/webhook_keys.hpp"

#include "shared/base/base64.hpp"
#include "shared/base/hmac.hpp"

#include <catch2/catch.hpp>

namespace libra {
namespace {

const std::string k_old = to_base64(std::string(32, 'a'));
const std::string k_new = to_base64(std::string(32, 'b'));

WebhookKeys keys(const std::string& text)
{
    return WebhookKeys::from_keys(Secret{text}).value();
}

/// As a receiver computes it from the secret it was given.
std::string expected(const std::string& secret, const std::string& signed_text)
{
    REQUIRE(secret.starts_with("whsec_"));
    return "v1," + to_base64(hmac_sha256(from_base64(secret.substr(6)).value(), signed_text));
}

TEST_CASE("a message is signed over its id, time and body with the secret of its webhook")
{
    const WebhookKeys platform = keys(k_old);

    CHECK(
        platform.sign("hook-1", "msg_1", "1700000000", R"({"a":1})") ==
        expected(platform.secret_of("hook-1"), R"(msg_1.1700000000.{"a":1})")
    );
}

TEST_CASE("webhooks have secrets of their own, of 32 bytes")
{
    const WebhookKeys platform = keys(k_old);

    CHECK(platform.secret_of("hook-1") == platform.secret_of("hook-1"));
    CHECK(platform.secret_of("hook-1") != platform.secret_of("hook-2"));
    CHECK(from_base64(platform.secret_of("hook-1").substr(6))->size() == 32);
    CHECK(platform.secret_of("hook-1").find(k_old) == std::string::npos);
}

TEST_CASE("after a new key old secrets still verify, and new ones do")
{
    const std::string old_secret = keys(k_old).secret_of("hook-1");
    const WebhookKeys platform = keys(k_new + "," + k_old);

    CHECK(platform.secret_of("hook-1") == keys(k_new).secret_of("hook-1"));
    CHECK(
        platform.sign("hook-1", "m", "1", "{}") ==
        expected(platform.secret_of("hook-1"), "m.1.{}") + " " + expected(old_secret, "m.1.{}")
    );
}

TEST_CASE("a bad key is a mistake of the configuration that tells nothing of it")
{
    Environment environment{[](const std::string& name) {
        return name == "WEBHOOK_SECRET" ? std::optional{std::string{"short-and-plain"}}
                                        : std::nullopt;
    }};

    CHECK_FALSE(read_webhook_keys(environment).has_value());

    REQUIRE(environment.problems().size() == 1);
    CHECK(environment.problems()[0].starts_with("WEBHOOK_SECRET: must be 32 bytes in base64"));
    CHECK(environment.problems()[0].find("short") == std::string::npos);
}

TEST_CASE("without a key there are none, and nothing is wrong")
{
    Environment environment{[](const std::string&) { return std::nullopt; }};

    CHECK_FALSE(read_webhook_keys(environment).has_value());
    CHECK(environment.problems().empty());
}

}  // namespace
}  // namespace libra
