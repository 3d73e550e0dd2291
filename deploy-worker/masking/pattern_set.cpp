#include "deploy-worker/masking/pattern_set.hpp"

#include <deque>

namespace libra {

PatternSet::PatternSet() : nodes_(1) {}

PatternSet::State PatternSet::child(State state, char byte) const
{
    State candidate = nodes_[state].first_child;
    while (candidate != k_start && nodes_[candidate].byte != byte) {
        candidate = nodes_[candidate].next_sibling;
    }
    return candidate;
}

void PatternSet::add(std::string_view pattern, bool ragged)
{
    State state = k_start;
    for (const char byte : pattern) {
        State next = child(state, byte);
        if (next == k_start) {
            next = static_cast<State>(nodes_.size());
            nodes_.push_back(
                {.next_sibling = nodes_[state].first_child,
                 .depth = static_cast<std::uint16_t>(nodes_[state].depth + 1),
                 .byte = byte}
            );
            nodes_[state].first_child = next;
        }
        state = next;
    }
    if (state != k_start) {
        nodes_[state].match_length = nodes_[state].depth;
        nodes_[state].ragged = nodes_[state].ragged || ragged;
    }
}

void PatternSet::finish()
{
    std::deque<State> waiting{k_start};
    while (!waiting.empty()) {
        const State state = waiting.front();
        waiting.pop_front();
        const State fallback = nodes_[state].fallback;
        if (nodes_[state].match_length == 0) {
            nodes_[state].match_length = nodes_[fallback].match_length;
            nodes_[state].ragged = nodes_[fallback].ragged;
        }
        for (State next = nodes_[state].first_child; next != k_start;
             next = nodes_[next].next_sibling) {
            nodes_[next].fallback = state == k_start ? k_start : step(fallback, nodes_[next].byte);
            waiting.push_back(next);
        }
    }
}

PatternSet::State PatternSet::step(State state, char byte) const
{
    while (true) {
        const State next = child(state, byte);
        if (next != k_start || state == k_start) {
            return next;
        }
        state = nodes_[state].fallback;
    }
}

}  // namespace libra
