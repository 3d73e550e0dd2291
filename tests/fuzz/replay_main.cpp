#include "tests/fuzz/mutation.hpp"
#include "tests/fuzz/target.hpp"

#include <algorithm>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <optional>
#include <span>
#include <string>
#include <vector>

/// @file A fuzz target without libFuzzer: `TARGET PATH…` tries every file of the corpus, and a
/// fixed number of mutations of each. Any compiler builds it, and each run does the same.

namespace {

namespace fs = std::filesystem;

constexpr int k_mutations = 200;

std::vector<fs::path> files_of(std::span<char*> arguments)
{
    std::vector<fs::path> files;
    for (const char* const argument : arguments) {
        if (!fs::is_directory(argument)) {
            files.emplace_back(argument);
            continue;
        }
        for (const auto& entry : fs::directory_iterator{argument}) {
            files.push_back(entry.path());
        }
    }
    std::sort(files.begin(), files.end());
    return files;
}

std::string content_of(const fs::path& path)
{
    std::ifstream file{path, std::ios::binary};
    if (!file) {
        throw std::runtime_error{"cannot read " + path.string()};
    }
    return {std::istreambuf_iterator<char>{file}, {}};
}

/// @return what `input` broke.
std::optional<std::string> finding(const std::string& input)
{
    try {
        libra::fuzz::try_input(input);
        return std::nullopt;
    } catch (const std::exception& broken) {
        return broken.what();
    }
}

int replay(std::span<char*> arguments)
{
    const std::vector<fs::path> files = files_of(arguments);
    std::vector<std::string> corpus;
    std::transform(files.begin(), files.end(), std::back_inserter(corpus), content_of);
    if (corpus.empty()) {
        std::cerr << "there is nothing to try: name files, or folders of files\n";
        return 2;
    }
    std::uint32_t seed = 0;
    for (std::size_t i = 0; i < corpus.size(); ++i) {
        // The last line says which file it was, should the process die.
        std::cout << files[i].string() << std::endl;
        libra::fuzz::Mutation mutation{corpus, ++seed};
        std::string input = corpus[i];
        for (int tried = 0; tried <= k_mutations; ++tried) {
            if (const auto broken = finding(input)) {
                const fs::path kept = fs::absolute("finding-" + files[i].filename().string());
                std::ofstream{kept, std::ios::binary} << input;
                std::cout << "broken by mutation " << tried << ": " << *broken
                          << "\nThe input is in " << kept.string() << '\n';
                return 1;
            }
            input = mutation.of(corpus[i]);
        }
    }
    return 0;
}

}  // namespace

int main(int argc, char** argv)
{
    try {
        return replay(std::span{argv, static_cast<std::size_t>(argc)}.subspan(1));
    } catch (const std::exception& failed) {
        std::cerr << failed.what() << '\n';
        return 2;
    }
}
