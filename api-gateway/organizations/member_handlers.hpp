#pragma once

#include "api-gateway/organizations/organization_handler.hpp"

namespace libra {

/// GET /organizations/{orgId}/members.
class MemberListHandler final : public OneOrganizationHandler {
public:
    MemberListHandler(const Parts& parts, Log log);

protected:
    HttpResponse
    answer_for(const std::string& org_id, const HttpRequest& request, const Requester& requester)
        override;
};

/// A handler whose path is `/organizations/{orgId}/members/{userId}`.
class OneMemberHandler : public OneOrganizationHandler {
public:
    OneMemberHandler(const Parts& parts, Log log);

protected:
    HttpResponse
    answer_for(const std::string& org_id, const HttpRequest& request, const Requester& requester)
        final;

    /// Has the answer where the member's new role, none for a removal, is not to be had from the
    /// request.
    virtual std::variant<std::optional<std::string>, HttpResponse>
    new_role(const HttpRequest& request) const = 0;

    virtual std::string
    done(const std::string& user_id, const std::optional<std::string>& role) const = 0;
};

/// PUT: adds a member, or gives it another role.
class MemberSetHandler final : public OneMemberHandler {
public:
    using OneMemberHandler::OneMemberHandler;

protected:
    std::variant<std::optional<std::string>, HttpResponse> new_role(const HttpRequest& request
    ) const override;

    std::string
    done(const std::string& user_id, const std::optional<std::string>& role) const override;
};

/// DELETE.
class MemberRemoveHandler final : public OneMemberHandler {
public:
    using OneMemberHandler::OneMemberHandler;

protected:
    std::variant<std::optional<std::string>, HttpResponse> new_role(const HttpRequest& request
    ) const override;

    std::string
    done(const std::string& user_id, const std::optional<std::string>& role) const override;
};

}  // namespace libra
