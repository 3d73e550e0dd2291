#pragma once

#include "shared/storage/dead_letter_store.hpp"

#include <deque>
#include <map>
#include <string>
#include <vector>

namespace libra::testing {

/// Knows the letters it is given, and writes down what is recorded and buried.
class FakeDeadLetterStore final : public DeadLetterStore {
public:
    static constexpr const char* k_message = "x";  // of all letters

    std::deque<Errc> errors{};  // of `record_poison` and `bury`, before they begin to succeed
    std::vector<std::string> reasons{};
    std::vector<std::string> buried{};  // `DEPLOYMENT: REASON`
    std::map<std::int64_t, LetterCopy> letters{};
    Result<std::int64_t> copies{0};
    std::vector<std::int64_t> sent_again{};

    Result<void> record_poison(const std::string& /*message*/, const std::string& reason) override
    {
        return note(reasons, reason);
    }

    Result<void> bury(
        const std::string& /*message*/,
        const std::string& reason,
        const std::optional<std::string>& deployment_id
    ) override
    {
        return note(buried, deployment_id.value_or("-") + ": " + reason);
    }

    Result<std::int64_t> copies_sent() override { return copies; }

    Result<std::vector<std::int64_t>> letters_sent(int /*most*/) override
    {
        std::vector<std::int64_t> ids;
        for (const auto& [id, copy] : letters) {
            if (copy == LetterCopy::wanted) {
                ids.push_back(id);
            }
        }
        return ids;
    }

    Result<std::int64_t> send_again(const std::vector<std::int64_t>& ids) override
    {
        sent_again.insert(sent_again.end(), ids.begin(), ids.end());
        return static_cast<std::int64_t>(ids.size());
    }

    Result<LetterCopy> copy_of(std::int64_t letter, const std::string& message) override
    {
        const auto found = letters.find(letter);
        return found == letters.end() || message != k_message ? LetterCopy::unknown : found->second;
    }

private:
    Result<void> note(std::vector<std::string>& notes, const std::string& line)
    {
        if (!errors.empty()) {
            const Errc code = errors.front();
            errors.pop_front();
            return Error{code, "scripted"};
        }
        notes.push_back(line);
        return {};
    }
};

}  // namespace libra::testing
