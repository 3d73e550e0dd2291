#pragma once

#include "deploy-worker/sandbox/sandbox.hpp"
#include "shared/base/digest.hpp"

#include <string>
#include <string_view>
#include <vector>

/// @file A digest of a list of texts, in which no two lists look alike.

namespace libra {

class KeyDigest {
public:
    /// `purpose` tells apart keys for different things; it changes when what goes into them does.
    explicit KeyDigest(std::string_view purpose) { add(purpose); }

    void add(std::string_view text)
    {
        sum_.update(std::to_string(text.size()));
        sum_.update(":");
        sum_.update(text);
    }

    void add(const std::vector<std::string>& texts)
    {
        add(std::to_string(texts.size()));
        for (const std::string& text : texts) {
            add(std::string_view{text});
        }
    }

    Digest finish() { return sum_.finish(); }

private:
    Sha256 sum_;
};

inline void add_commands(KeyDigest& key, const std::vector<SandboxCommand>& commands)
{
    key.add(std::to_string(commands.size()));
    for (const SandboxCommand& command : commands) {
        key.add(command.argv);
        key.add(command.directory);
        key.add(command.environment);
        key.add(command.path);
    }
}

}  // namespace libra
