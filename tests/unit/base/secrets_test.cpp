#include "shared/base/secrets.hpp"

#include <catch2/catch.hpp>

namespace libra::testing {

TEST_CASE("every occurrence of a secret is replaced")
{
    Redactor redactor;
    redactor.add(Secret{"hunter2hunter2"});

    CHECK(redactor.redact("hunter2hunter2, x=hunter2hunter2!") == "[redacted], x=[redacted]!");
    CHECK(redactor.redact("nothing here") == "nothing here");
}

TEST_CASE("a secret that is part of another does not uncover the rest of it")
{
    Redactor redactor;
    redactor.add(Secret{"abcdef"});
    redactor.add(Secret{"abcdef-and-more"});

    CHECK(redactor.redact("abcdef-and-more abcdef") == "[redacted] [redacted]");
}

TEST_CASE("values too short to be secrets are left alone")
{
    Redactor redactor;
    redactor.add(Secret{"a"});
    redactor.add(Secret{""});

    CHECK(redactor.redact("a banana") == "a banana");
}

TEST_CASE("a secret equal to the mark does not loop")
{
    Redactor redactor;
    redactor.add(Secret{"redacted"});

    CHECK(redactor.redact("redacted") == "[redacted]");
}

TEST_CASE("the password of an address is a secret")
{
    Redactor redactor;
    redactor.add_url_password("postgres://libra:pa:ss@word@db:5432/libra?x=a@b");
    redactor.add_url_password("amqp://broker:5672/%2f");
    redactor.add_url_password("not an address");

    CHECK(redactor.redact("cannot log in with pa:ss@word") == "cannot log in with [redacted]");
    CHECK(redactor.redact("broker:5672") == "broker:5672");
}

TEST_CASE("a percent-encoded password is a secret in both forms")
{
    Redactor redactor;
    redactor.add_url_password("amqp://libra:p%40ss%2fword@broker:5672/");

    CHECK(redactor.redact("sent p@ss/word") == "sent [redacted]");
    CHECK(redactor.redact("sent p%40ss%2fword") == "sent [redacted]");
}

}  // namespace libra::testing
