#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

/// @file Many byte strings looked for at once (Aho and Corasick, 1975): one step a byte, whatever
/// was seen before.

namespace libra {

class PatternSet {
public:
    using State = std::uint32_t;

    static constexpr State k_start{0};

    struct Match {
        std::size_t length{};
        bool ragged{};  // the bytes beside it tell a part of it as well
    };

    PatternSet();

    /// Before the first `step`. At most 65,535 bytes; an empty pattern is left out.
    void add(std::string_view pattern, bool ragged);

    /// To be called once, after the last `add`.
    void finish();

    bool empty() const { return nodes_.size() == 1; }

    State step(State state, char byte) const;

    /// How many of the last bytes may be the beginning of a match.
    std::size_t pending(State state) const { return nodes_[state].depth; }

    /// The longest match that ends here; of length 0 if none does.
    Match match(State state) const
    {
        return {.length = nodes_[state].match_length, .ragged = nodes_[state].ragged};
    }

private:
    struct Node {  // small: there may be a few million
        State first_child{k_start};
        State next_sibling{k_start};
        State fallback{k_start};
        std::uint16_t depth{0};
        std::uint16_t match_length{0};
        char byte{0};
        bool ragged{false};
    };

    State child(State state, char byte) const;

    std::vector<Node> nodes_;
};

}  // namespace libra
