#include "shared/http/gzip.hpp"

#include "shared/base/digest.hpp"

#include <catch2/catch.hpp>

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>

namespace libra {
namespace {

/// What the system's own gzip makes of it.
std::string gunzip(const std::string& file)
{
    std::string command = "printf '";
    for (const char c : file) {
        constexpr std::string_view k_octal{"01234567"};
        const auto byte = static_cast<unsigned char>(c);
        command += '\\';
        command += k_octal[byte >> 6U];
        command += k_octal[byte >> 3U & 7U];
        command += k_octal[byte & 7U];
    }
    command += "' | gzip -dc";
    // A fixed command in a test.
    // NOLINTNEXTLINE(cert-env33-c)
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> pipe{popen(command.c_str(), "r"), pclose};
    std::string out(1U << 16U, '\0');
    out.resize(std::fread(out.data(), 1, out.size(), pipe.get()));
    return out;
}

TEST_CASE("what gzip makes, gunzip undoes")
{
    const std::string text = GENERATE(
        std::string{"a"}, std::string(50'000, 'x'), sha256("bytes").hex() + sha256("more").hex()
    );

    CHECK(gunzip(gzip(text)) == text);
}

TEST_CASE("text becomes smaller")
{
    CHECK(gzip(std::string(10'000, 'x')).size() < 200);
}

}  // namespace
}  // namespace libra
