#pragma once

#include "shared/storage/project_registry.hpp"

#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace libra::testing {

/// Answers what it is told to, and keeps what it was asked.
class FakeProjectRegistry final : public ProjectRegistry {
public:
    struct Call {
        std::string what{};
        Requester requester{};
        std::string id{};
        std::optional<std::string> org_id{};
        std::optional<std::string> after{};
        int limit{};
        NewProject created{};
        ProjectChanges changes{};
    };

    Result<ProjectPage> list(
        const Requester& requester,
        const std::optional<std::string>& org_id,
        const std::optional<std::string>& after,
        int limit
    ) override
    {
        calls.push_back(
            {.what = "list",
             .requester = requester,
             .org_id = org_id,
             .after = after,
             .limit = limit}
        );
        return page;
    }

    Result<ProjectRecord> find(const Requester& requester, const std::string& id) override
    {
        calls.push_back({.what = "find", .requester = requester, .id = id});
        return project;
    }

    /// Answers from `created` in order, then with the project it was given.
    Result<ProjectChange> create(const Requester& requester, const NewProject& wanted) override
    {
        calls.push_back({.what = "create", .requester = requester, .created = wanted});
        if (!create_answers.empty()) {
            Result<ProjectChange> answer = create_answers.front();
            create_answers.pop_front();
            return answer;
        }
        return ProjectChange{
            .verdict = ProjectVerdict::done,
            .project = ProjectRecord{
                .id = wanted.id,
                .org_id = wanted.org_id,
                .name = wanted.name,
                .site_label = wanted.site_label,
                .active = true,
                .status = "idle"}};
    }

    Result<ProjectChange>
    change(const Requester& requester, const std::string& id, const ProjectChanges& changes)
        override
    {
        calls.push_back({.what = "change", .requester = requester, .id = id, .changes = changes});
        return change_answer;
    }

    Result<ProjectVerdict> remove(const Requester& requester, const std::string& id) override
    {
        calls.push_back({.what = "remove", .requester = requester, .id = id});
        return remove_answer;
    }

    Result<ProjectPage> page{ProjectPage{}};
    Result<ProjectRecord> project{ProjectRecord{}};
    std::deque<Result<ProjectChange>> create_answers{};
    Result<ProjectChange> change_answer{
        ProjectChange{.verdict = ProjectVerdict::done, .project = ProjectRecord{}}};
    Result<ProjectVerdict> remove_answer{ProjectVerdict::done};
    std::vector<Call> calls{};
};

}  // namespace libra::testing
