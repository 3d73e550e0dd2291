#pragma once

#include "shared/storage/redrive_store.hpp"

#include <optional>
#include <string>
#include <vector>

namespace libra::testing {

/// Answers what it is told to, and keeps what it was asked.
class FakeRedriveStore final : public RedriveStore {
public:
    struct Call {
        std::string what{};
        std::int64_t id{};
        LetterFilter filter{};
        std::optional<std::int64_t> before{};
        int limit{};
        std::string reason{};
        Actor actor{};
    };

    Result<LetterPage>
    list(const LetterFilter& filter, std::optional<std::int64_t> before, int limit) override
    {
        calls.push_back({.what = "list", .filter = filter, .before = before, .limit = limit});
        return page;
    }

    Result<Letter> find(std::int64_t id) override
    {
        calls.push_back({.what = "find", .id = id});
        return letter;
    }

    Result<RedriveVerdict> redrive(std::int64_t id, const Actor& actor) override
    {
        calls.push_back({.what = "redrive", .id = id, .actor = actor});
        return verdict;
    }

    Result<RedriveCounts> redrive_matching(const LetterFilter& filter, const Actor& actor) override
    {
        calls.push_back({.what = "redrive_matching", .filter = filter, .actor = actor});
        return counts;
    }

    Result<bool> discard(std::int64_t id, const std::string& reason, const Actor& actor) override
    {
        calls.push_back({.what = "discard", .id = id, .reason = reason, .actor = actor});
        return discarded;
    }

    Result<LetterPage> page{LetterPage{}};
    Result<Letter> letter{Letter{}};
    Result<RedriveVerdict> verdict{RedriveVerdict::requeued};
    Result<RedriveCounts> counts{RedriveCounts{}};
    Result<bool> discarded{true};
    std::vector<Call> calls{};
};

}  // namespace libra::testing
