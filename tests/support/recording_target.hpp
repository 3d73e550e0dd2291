#pragma once

#include "deploy-worker/targets/target.hpp"

#include <deque>
#include <set>
#include <string>
#include <vector>

namespace libra::testing {

/// Answers from its members and writes down every call but `has` as one line: `upload NAME`,
/// `verify NAME`, `switch LABEL TICKET NAME`, `name NAME TICKET RELEASE`.
class RecordingTarget final : public Target {
public:
    std::set<std::string> releases{};           // that `has` finds
    std::deque<Result<void>> switch_answers{};  // in order; afterwards success
    Result<ReleaseAddress> upload_answer{
        ReleaseAddress{.url = "http://site.example/", .preview_url = "http://preview.example/"}};
    Result<void> verify_answer{};
    std::vector<std::string> calls{};
    std::vector<std::string> uploaded_paths{};  // of all uploads

    std::string_view name() const override { return "recording"; }

    bool has(const std::string& release_name) override { return releases.contains(release_name); }

    Result<ReleaseAddress> upload(const ReleaseSpec& release) override
    {
        calls.push_back("upload " + release.name);
        for (const ReleaseFile& file : release.files) {
            uploaded_paths.push_back(file.path);
        }
        return upload_answer;
    }

    Result<void> verify(const ReleaseSpec& release, Instant, std::stop_token) override
    {
        calls.push_back("verify " + release.name);
        return verify_answer;
    }

    Result<void> switch_to(const SiteSwitch& site) override
    {
        std::string line = "switch " + site.site_label + ' ' + std::to_string(site.ticket) + ' ' +
                           site.release_name.value_or("-");
        for (const std::string& domain : site.domains) {
            line += ' ' + domain;
        }
        calls.push_back(std::move(line));
        return next_answer();
    }

    Result<void> switch_name(const NameSwitch& change) override
    {
        calls.push_back(
            "name " + change.name + ' ' + std::to_string(change.ticket) + ' ' +
            change.release_name.value_or("-")
        );
        return next_answer();
    }

    Result<std::vector<std::string>> uploads() override
    {
        return std::vector<std::string>{releases.begin(), releases.end()};
    }

    Result<void> remove(const std::string& release_name) override
    {
        calls.push_back("remove " + release_name);
        releases.erase(release_name);
        return next_answer();
    }

    Result<std::uint64_t> tidy(const std::stop_token&) override
    {
        calls.emplace_back("tidy");
        return std::uint64_t{0};
    }

private:
    Result<void> next_answer()
    {
        if (switch_answers.empty()) {
            return {};
        }
        Result<void> answer = switch_answers.front();
        switch_answers.pop_front();
        return answer;
    }
};

}  // namespace libra::testing
