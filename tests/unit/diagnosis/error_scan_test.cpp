#include "deploy-worker/diagnosis/error_scan.hpp"

#include "tests/support/recording_lines.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace libra {
namespace {

using testing::RecordingLines;

std::string read_file(const std::filesystem::path& path)
{
    std::ifstream file{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{file}, {}};
}

/// What a scan makes of `output`, for people to read.
std::string scanned(std::string_view output)
{
    RecordingLines next;
    ErrorScan scan{next};
    while (!output.empty()) {
        const std::size_t end = output.find('\n');
        scan.line(OutputStream::err, output.substr(0, end));
        output.remove_prefix(end == std::string_view::npos ? output.size() : end + 1);
    }
    std::string text;
    for (const RecognizedError& error : scan.recognized()) {
        text += error.cause + '\n';
        for (const auto& [name, value] : error.details) {
            text += fmt::format("  {} = {}\n", name, value);
        }
    }
    for (const std::string& line : scan.first_errors()) {
        text += "| " + line + '\n';
    }
    return text;
}

TEST_CASE("what only the sandbox's inside knows is no error, not even behind one")
{
    CHECK(
        scanned("Error: Cannot find module 'nope'\n"
                "waiting on PID 14 in sandbox \"libra-1\": urpc method "
                "\"containerManager.WaitPID\" failed: EOF\n"
        ) == scanned("Error: Cannot find module 'nope'\n")
    );
}

TEST_CASE("what real tools print is recognised, and its first error lines are kept")
{
    const std::filesystem::path recordings{LIBRA_RECORDINGS};
    std::size_t count = 0;
    for (const auto& entry : std::filesystem::directory_iterator{recordings}) {
        if (entry.path().extension() != ".txt") {
            continue;
        }
        ++count;
        const std::string found = scanned(read_file(entry.path()));
        std::filesystem::path expected = entry.path();
        expected.replace_extension(".expected");
        // NOLINTNEXTLINE(concurrency-mt-unsafe): no thread changes the environment
        if (std::getenv("LIBRA_RECORD") != nullptr) {
            std::ofstream{expected, std::ios::binary} << found;
        }
        INFO(entry.path().filename().string());
        CHECK(found == read_file(expected));
    }
    CHECK(count > 20);
}

}  // namespace
}  // namespace libra
