#include "shared/base/env.hpp"

#include <catch2/catch.hpp>

#include <cstdio>
#include <fstream>
#include <map>
#include <unistd.h>

namespace libra::testing {

namespace {

using Variables = std::map<std::string, std::string>;

Environment environment(Variables variables)
{
    return Environment{[variables = std::move(variables)](const std::string& name) {
        const auto found = variables.find(name);
        return found == variables.end() ? std::nullopt : std::optional{found->second};
    }};
}

/// A file that lives as long as the test.
class SecretFile {
public:
    explicit SecretFile(const std::string& content)
    {
        const int descriptor = ::mkstemp(path_.data());
        REQUIRE(descriptor >= 0);
        ::close(descriptor);
        std::ofstream{path_, std::ios::binary} << content;
    }

    ~SecretFile() { std::remove(path_.c_str()); }

    SecretFile(const SecretFile&) = delete;
    SecretFile& operator=(const SecretFile&) = delete;

    const std::string& path() const { return path_; }

private:
    std::string path_{"/tmp/libra-secret-XXXXXX"};
};

}  // namespace

TEST_CASE("variables that are missing or empty take their fallback")
{
    Environment env = environment({{"EMPTY", ""}});

    CHECK(env.text("EMPTY", "x") == "x");
    CHECK(env.integer("MISSING", 7, 1, 10) == 7);
    CHECK(env.flag("MISSING", true));
    CHECK(env.choice("MISSING", "local", {"local", "e2b"}) == "local");
    CHECK(env.list("MISSING", {"a", "b"}) == std::vector<std::string>{"a", "b"});
    CHECK(env.secret("MISSING").empty());
    CHECK(env.problems().empty());
}

TEST_CASE("variables that are set are read")
{
    using std::chrono::milliseconds;
    Environment env = environment(
        {{"PORT", "3008"},
         {"WAIT", "600000"},
         {"ON", "true"},
         {"PROVIDER", "e2b"},
         {"LIST", " a, b ,,c\t"},
         {"TOKEN", "s3cret"}}
    );

    CHECK(env.integer("PORT", 1, 1, 65535) == 3008);
    CHECK(
        env.milliseconds("WAIT", milliseconds{1}, milliseconds{1}, milliseconds{1'000'000}) ==
        milliseconds{600'000}
    );
    CHECK(env.flag("ON", false));
    CHECK(env.choice("PROVIDER", "local", {"local", "e2b"}) == "e2b");
    CHECK(env.list("LIST", {}) == std::vector<std::string>{"a", "b", "c"});
    CHECK(env.required_secret("TOKEN").reveal() == "s3cret");
    CHECK(env.problems().empty());
}

TEST_CASE("every mistake is reported, each with its variable")
{
    Environment env = environment(
        {{"PORT", "80 80"}, {"BIG", "99999999999999999999"}, {"ON", "yes"}, {"PROVIDER", "docker"}}
    );

    env.required_text("POSTGRES_URL");
    env.integer("PORT", 3008, 1, 65535);
    env.integer("BIG", 1, 1, 100);
    env.flag("ON", false);
    env.choice("PROVIDER", "local", {"local", "e2b"});
    env.required_secret("TOKEN");

    CHECK(
        env.problems() ==
        std::vector<std::string>{
            "POSTGRES_URL: is required and not set",
            "PORT: '80 80' is not a whole number from 1 to 65535",
            "BIG: '99999999999999999999' is not a whole number from 1 to 100",
            "ON: 'yes' is not one of true, false",
            "PROVIDER: 'docker' is not one of local, e2b",
            "TOKEN: is required and not set (nor is TOKEN_FILE)",
        }
    );
}

TEST_CASE("a number outside its range is a mistake")
{
    Environment env = environment({{"LOW", "0"}, {"HIGH", "101"}, {"GOOD", "100"}});

    CHECK(env.integer("LOW", 5, 1, 100) == 5);
    CHECK(env.integer("HIGH", 5, 1, 100) == 5);
    CHECK(env.integer("GOOD", 5, 1, 100) == 100);
    CHECK(env.problems().size() == 2);
}

TEST_CASE("a secret may stand in a file, without its line end")
{
    const SecretFile file{"s3cret value\r\n"};
    Environment env = environment({{"TOKEN_FILE", file.path()}});

    CHECK(env.secret("TOKEN").reveal() == "s3cret value");
    CHECK(env.problems().empty());
}

TEST_CASE("a secret given twice is a mistake")
{
    const SecretFile file{"from the file"};
    Environment env = environment({{"TOKEN", "direct"}, {"TOKEN_FILE", file.path()}});

    env.required_secret("TOKEN");

    REQUIRE(env.problems().size() == 1);
    CHECK(env.problems()[0] == "TOKEN: is set together with TOKEN_FILE; set one of them");
}

TEST_CASE("a secret's file that cannot be read is named, once")
{
    Environment env = environment({{"TOKEN_FILE", "/nowhere/at/all"}, {"OTHER_FILE", "/tmp"}});

    env.required_secret("TOKEN");
    env.required_secret("OTHER");

    CHECK(
        env.problems() ==
        std::vector<std::string>{
            "TOKEN_FILE: '/nowhere/at/all' cannot be read", "OTHER_FILE: '/tmp' cannot be read"}
    );
}

TEST_CASE("an empty file gives no required secret")
{
    const SecretFile file{"\n"};
    Environment env = environment({{"TOKEN_FILE", file.path()}});

    env.required_secret("TOKEN");

    CHECK(env.problems().size() == 1);
}

}  // namespace libra::testing
