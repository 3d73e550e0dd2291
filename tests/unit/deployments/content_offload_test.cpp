#include "api-gateway/deployments/content_offload.hpp"

#include "tests/support/failing_object_store.hpp"
#include "tests/support/memory_object_store.hpp"

#include <catch2/catch.hpp>

namespace libra {
namespace {

constexpr std::size_t k_most_inline = 4096;

TEST_CASE("small contents stay in the message and large ones leave their digest")
{
    testing::MemoryObjectStore objects;
    const std::string large(k_most_inline + 1, 'x');
    const std::string small(k_most_inline, 'x');
    DeploymentParams params;
    params.init_files = {{"a", small}, {"b", large}};
    params.history = {{Role::user, small}, {Role::assistant, large}};

    REQUIRE(has_large_contents(params));
    REQUIRE(offload_contents(params, objects).has_value());

    const BlobRef reference{sha256(large), large.size()};
    CHECK(params.init_files[0].content == Content{small});
    CHECK(params.init_files[1].content == Content{reference});
    CHECK(params.history[0].content == Content{small});
    CHECK(params.history[1].content == Content{reference});
    CHECK(objects.get(sha256(large)).value() == large);
    CHECK_FALSE(has_large_contents(params));
}

TEST_CASE("many small contents do not make a huge message")
{
    testing::MemoryObjectStore objects;
    DeploymentParams params;
    for (int i = 0; i < 1025; ++i) {
        params.init_files.push_back({std::to_string(i), std::string(k_most_inline, 'x')});
    }

    REQUIRE(has_large_contents(params));
    REQUIRE(offload_contents(params, objects).has_value());

    CHECK(std::holds_alternative<std::string>(params.init_files[1023].content));
    CHECK(std::holds_alternative<BlobRef>(params.init_files[1024].content));
}

TEST_CASE("a store that fails is reported")
{
    testing::FailingObjectStore objects;
    DeploymentParams params;
    params.init_files = {{"a", std::string(k_most_inline + 1, 'x')}};

    const Result<void> stored = offload_contents(params, objects);

    REQUIRE(stored.has_error());
    CHECK(stored.error().code == Errc::unavailable);
}

}  // namespace
}  // namespace libra
