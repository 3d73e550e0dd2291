#pragma once

#include <stdexcept>
#include <string_view>

/// @file What a fuzz target is: a function over bytes from a stranger, and promises that hold
/// whatever the bytes are.
///
/// Upstream: libFuzzer (libfuzzer_main.cpp), which invents input, or replay_main.cpp, which reads
/// the corpus. Downstream: the parsers and rules of one subject.

namespace libra::fuzz {

/// A promise of the code under test that did not hold. The text is the promise.
class Broken : public std::logic_error {
public:
    using std::logic_error::logic_error;
};

/// @throws Broken
inline void must(bool holds, const char* promise)
{
    if (!holds) {
        throw Broken{promise};
    }
}

/// Each target defines it. It keeps nothing from one call to the next, so that one input repeats
/// what it showed. Any exception is a finding.
void try_input(std::string_view input);

}  // namespace libra::fuzz
