#include "api-gateway/auth/credential_header.hpp"

#include <catch2/catch.hpp>

namespace libra {
namespace {

HttpRequest with(std::vector<HttpHeader> headers)
{
    HttpRequest request;
    request.headers = std::move(headers);
    return request;
}

TEST_CASE("a token is read from a Bearer header")
{
    const char* const header = GENERATE(
        "Bearer tok-1", "bearer tok-1", "BEARER   tok-1", "Bearer tok-1  ", "  Bearer tok-1"
    );

    const auto credential = read_credential(with({{"authorization", header}}));

    REQUIRE(credential);
    CHECK(credential->kind == CredentialKind::token);
    CHECK(credential->digest == sha256("tok-1"));
}

TEST_CASE("a session is read from its cookie")
{
    const char* const header = GENERATE(
        "session=s.1",
        "a=b; session=s.1",
        "session=s.1; a=b",
        " session=\"s.1\" ;a=b",
        "sessions=no; xsession=no; session=s.1; session=second",
        "a; session=s.1"
    );

    const auto credential = read_credential(with({{"Cookie", header}}));

    REQUIRE(credential);
    CHECK(credential->kind == CredentialKind::session);
    CHECK(credential->digest == sha256("s.1"));
}

TEST_CASE("the session may be in the second of two Cookie headers")
{
    CHECK(read_credential(with({{"Cookie", "a=b"}, {"Cookie", "session=s"}})));
}

TEST_CASE("a Bearer header comes before a cookie")
{
    const auto credential =
        read_credential(with({{"Cookie", "session=s"}, {"Authorization", "Bearer t"}}));

    REQUIRE(credential);
    CHECK(credential->digest == sha256("t"));
}

TEST_CASE("a Bearer header that is malformed is not made good by a cookie")
{
    const std::string header = GENERATE(
        std::string{"Bearer"},
        std::string{"Bearer "},
        std::string{"Bearer a b"},
        std::string{"Bearer a,b"},
        std::string{"Bearer \"a\""},
        std::string{"Bearer a\x80"},
        "Bearer " + std::string(8193, 'x')
    );

    CHECK_FALSE(read_credential(with({{"Authorization", header}, {"Cookie", "session=s"}})));
}

TEST_CASE("two Authorization headers are one too many")
{
    CHECK_FALSE(read_credential(with({{"Authorization", "Bearer a"}, {"Authorization", "Bearer b"}})
    ));
}

TEST_CASE("another scheme leaves the cookie")
{
    const auto credential =
        read_credential(with({{"Authorization", "Basic dXNlcg=="}, {"Cookie", "session=s"}}));

    REQUIRE(credential);
    CHECK(credential->kind == CredentialKind::session);
}

TEST_CASE("a Bearer token is taken for a JWT by its form")
{
    const auto jwt_in = [](const char* header) {
        return find_jwt(with({{"Cookie", "session=eyJ.eyJ.c2ln"}, {"Authorization", header}}));
    };

    CHECK(jwt_in("bearer  eyJhIjoxfQ.e30.c2ln ") == "eyJhIjoxfQ.e30.c2ln");
    CHECK(jwt_in("Bearer eyA..") == "eyA..");
    CHECK_FALSE(jwt_in("Bearer libra_1Kd9"));
    CHECK_FALSE(jwt_in("Bearer tok.of.old"));
    CHECK_FALSE(jwt_in("Bearer eyJhIjoxfQ.e30"));
    CHECK_FALSE(jwt_in("Bearer eyJhIjoxfQ.a.b.c.d"));
    CHECK_FALSE(jwt_in("Bearer"));
    CHECK_FALSE(jwt_in("Basic eyJhIjoxfQ.e30.c2ln"));
    CHECK_FALSE(find_jwt(with({{"Cookie", "session=eyJ.eyJ.c2ln"}})));
}

TEST_CASE("without a usable credential there is none")
{
    CHECK_FALSE(read_credential(with({})));
    CHECK_FALSE(read_credential(with({{"Authorization", "Basic dXNlcg=="}})));
    CHECK_FALSE(read_credential(with({{"Authorization", "Bearers t"}})));
    CHECK_FALSE(read_credential(with({{"Cookie", "session="}})));
    CHECK_FALSE(read_credential(with({{"Cookie", "session=a b"}})));
    CHECK_FALSE(read_credential(with({{"Cookie", "other=x"}})));
}

}  // namespace
}  // namespace libra
