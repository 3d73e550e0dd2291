#include "shared/base/public_key.hpp"

#include "shared/base/base64.hpp"

#include <catch2/catch.hpp>

#include <string>

namespace libra {
namespace {

// Made by Python's cryptography.
constexpr std::string_view k_message{"signed by another library"};
constexpr std::string_view k_modulus{
    "3zV4JHgtRnclF71dNoyIK3C0PWJD88VR00j-Gh14q09OMjT3tejNn9dUFpYzg1NxGuNhgx3bGz2xxouYlv2T"
    "u_mz6nxQhmsCI7WY-J_a3lB-87BKCEGV-oF94-fqF1Kw5JAZk6mZTaUrMN2sreYtSPr0rxSyT1O7y34SZMp2"
    "JA1C71srf9XAwMVUi41hchwdDgacpTcDbiavUD-0jLE3IMMBIndloyneeUIz6_G2JZWJ4hzG8rhBQZeOr1QH"
    "3vxlgwfcxkWSomUDKTyfkKYThAPOHfYfQcu0kfyI6GwSns0MjaBAJzNnA8lVNXO6N5r8tNu3t-rFtwHcMtHg"
    "As0CFQ"};
constexpr std::string_view k_rs256{
    "pZKARlGRYWBeEYF9c73aZjCMcbwKYaZX2LhY_UK2MgPL_ZqzuTcm25VBvxCkU7QFJTl2BWahGJeM08u3m9tT"
    "UEiH475F-ZQ5QdwoKKHRQ2lxpoY7LvUbKRtkCO_XjcSr3rs8LeRd0PN1hpQ65h85Y4KyKFvT7WBq-tMOmV1p"
    "8-CY2otf_gEuhIFFMju_RUCJYvnzr6AQEY7dqyDZYFgK53YviXqZ9teNftlNAQ9MWN41F8eCGn9q4yb4FtTJ"
    "p39EcG2JSKAILTGUf5J8QnB1VOMAJ6KMR7mWUjEO4LoXrDh_DH0nQnTqr5k4LDFnxyx_uUFlfgFffP5w17XM"
    "Xwkqdg"};
constexpr std::string_view k_x{"llGC1fkkzZITloVIiHw3f4B9NpoP-tJbHBNkKztvuTY"};
constexpr std::string_view k_y{"p6RwV6270_LuhO61WOE1gZ9UP1l-xDMFNsM6tsPOaUI"};
constexpr std::string_view k_es256{
    "cEXXQ1HJlcc4RBpK3j6lX3Xq2yTT_Cm6Cf0IJY8kNIJSI335elSP0kBQMqGNXZ5lCvm8dM_cggQoVf3PcvAv"
    "eA"};
constexpr std::string_view k_ed25519{"RcnB8KNVnkO5mR2htnyYT73tuJYE-FcZnG3PmxTgqq0"};
constexpr std::string_view k_eddsa{
    "LHeosoNsh8RNWkWNnUJgtErCJ8UhVPBRUM5MrM3chLcaOwVb-neNwDVtugKpsO5s1Jn6whx85LDSeH_5JiaZ"
    "AQ"};

std::string bytes(std::string_view text)
{
    return from_base64url(text).value();
}

Result<PublicKey> rsa_key(const std::string& exponent = bytes("AQAB"))
{
    return PublicKey::rs256(bytes(k_modulus), exponent);
}

Result<PublicKey> ec_key()
{
    return PublicKey::es256(bytes(k_x), bytes(k_y));
}

Result<PublicKey> ed_key()
{
    return PublicKey::eddsa(bytes(k_ed25519));
}

TEST_CASE("a signature is good for its message and its key alone")
{
    const auto [key, signature] = GENERATE(table<Result<PublicKey> (*)(), std::string_view>(
        {{[] { return rsa_key(); }, k_rs256}, {ec_key, k_es256}, {ed_key, k_eddsa}}
    ));
    const PublicKey theirs = key().value();
    std::string other = bytes(signature);
    other.back() = static_cast<char>(other.back() ^ 1);

    CHECK(theirs.verifies(k_message, bytes(signature)));
    CHECK_FALSE(theirs.verifies("signed by nobody", bytes(signature)));
    CHECK_FALSE(theirs.verifies("", bytes(signature)));
    CHECK_FALSE(theirs.verifies(k_message, other));
    CHECK_FALSE(theirs.verifies(k_message, bytes(signature) + "x"));
    CHECK_FALSE(theirs.verifies(k_message, bytes(signature).substr(1)));
    CHECK_FALSE(theirs.verifies(k_message, ""));
}

TEST_CASE("a key takes no signature of another algorithm")
{
    CHECK(rsa_key()->algorithm() == SignatureAlgorithm::rs256);
    CHECK(ec_key()->algorithm() == SignatureAlgorithm::es256);
    CHECK(ed_key()->algorithm() == SignatureAlgorithm::eddsa);
    CHECK_FALSE(ec_key()->verifies(k_message, bytes(k_eddsa)));
    CHECK_FALSE(ed_key()->verifies(k_message, bytes(k_es256)));
    CHECK_FALSE(rsa_key()->verifies(k_message, bytes(k_eddsa)));
}

TEST_CASE("numbers of nothing are no signature on the curve")
{
    CHECK_FALSE(ec_key()->verifies(k_message, std::string(64, '\0')));
    CHECK_FALSE(ec_key()->verifies(k_message, std::string(64, '\xff')));
}

TEST_CASE("a weak or odd RSA key is no key")
{
    const std::string modulus = bytes(k_modulus);
    for (const Result<PublicKey>& key :
         {rsa_key(""),
          rsa_key("\x01"),
          rsa_key("\x02"),
          rsa_key("\x01" + std::string(7, '\0') + "\x01"),
          rsa_key(std::string(5000, '\x01')),
          PublicKey::rs256("", "\x03"),
          PublicKey::rs256(modulus.substr(0, 255), "\x03"),
          PublicKey::rs256("\x01" + std::string(1024, '\x01'), "\x03"),
          PublicKey::rs256(std::string(5000, '\x01'), "\x03")}) {
        REQUIRE(key.has_error());
        CHECK(key.error().code == Errc::invalid_input);
    }
    CHECK(PublicKey::rs256(std::string(3, '\0') + modulus, "\x03").has_value());
}

TEST_CASE("what is no point of the curve is no key")
{
    const std::string x = bytes(k_x);
    const std::string y = bytes(k_y);
    for (const Result<PublicKey>& key :
         {PublicKey::es256(y, x),
          PublicKey::es256(x, std::string(32, '\0')),
          PublicKey::es256(std::string(32, '\0'), std::string(32, '\0')),
          PublicKey::es256(std::string(32, '\xff'), y),
          PublicKey::es256(x.substr(1), y),
          PublicKey::es256(x, y + "x"),
          PublicKey::es256("", ""),
          PublicKey::eddsa(""),
          PublicKey::eddsa(x + "x")}) {
        REQUIRE(key.has_error());
        CHECK(key.error().code == Errc::invalid_input);
    }
}

}  // namespace
}  // namespace libra
