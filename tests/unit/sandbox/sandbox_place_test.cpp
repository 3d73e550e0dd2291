#include "deploy-worker/sandbox/sandbox_place.hpp"

#include <catch2/catch.hpp>

namespace libra {
namespace {

TEST_CASE("names of two workers differ by id and by state directory")
{
    const std::string name = sandbox_prefix({.state_directory = "/a", .worker_id = "one"});

    CHECK(name == sandbox_prefix({.state_directory = "/a", .worker_id = "one"}));
    CHECK(name != sandbox_prefix({.state_directory = "/b", .worker_id = "one"}));
    CHECK(name != sandbox_prefix({.state_directory = "/a", .worker_id = "two"}));
    CHECK(name.ends_with("-one-"));
}

TEST_CASE("a worker id of any characters makes a prefix that is fit for a file name")
{
    const std::string prefix =
        sandbox_prefix({.state_directory = "/a", .worker_id = "../x y/" + std::string(300, 'z')});

    CHECK(prefix.find('/') == std::string::npos);
    CHECK(prefix.size() < 64);
}

TEST_CASE("only ids that can be part of a file name are valid")
{
    CHECK(valid_sandbox_id("0123456789abcdef"));
    CHECK(valid_sandbox_id("A.b-c_d"));
    CHECK_FALSE(valid_sandbox_id(""));
    CHECK_FALSE(valid_sandbox_id("a/b"));
    CHECK_FALSE(valid_sandbox_id("a b"));
    CHECK_FALSE(valid_sandbox_id(std::string(129, 'a')));
}

}  // namespace
}  // namespace libra
