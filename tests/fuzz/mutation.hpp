#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace libra::fuzz {

/// Makes hostile input out of good input. Blind, unlike libFuzzer, but the same on every machine.
class Mutation {
public:
    /// `corpus` must not be empty, and outlive it.
    Mutation(const std::vector<std::string>& corpus, std::uint32_t seed)
        : corpus_{corpus}, random_{seed}
    {
    }

    /// `input` after one to four changes.
    std::string of(std::string_view input);

private:
    /// From 0 to `end` - 1; 0 for an `end` of 0.
    std::size_t below(std::size_t end);

    void change(std::string& text);

    const std::vector<std::string>& corpus_;
    std::mt19937 random_;
};

}  // namespace libra::fuzz
