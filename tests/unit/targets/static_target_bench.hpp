#pragma once

#include "deploy-worker/targets/static_target.hpp"
#include "shared/domain/rules.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/scratch_tree.hpp"
#include "tests/support/scripted_http_client.hpp"

#include <filesystem>
#include <string>
#include <system_error>

/// @file A target with a site to be put there, and a static host that answers what it is told.

namespace libra::testing {

inline const std::string k_id(32, 'a');
inline const std::string k_other_id(32, 'b');
inline const std::string k_preview = preview_label("shop", k_id) + ".sites.example";

struct StaticTargetBench {
    StaticTargetBench() { build("<h1>one</h1>"); }

    /// A new file, as a build makes one: the old one may be linked into a release.
    void build(const std::string& page) const
    {
        std::filesystem::remove(artifact.path() / "index.html");
        artifact.write("index.html", page);
    }

    ReleaseSpec release(const std::string& id = k_id) const
    {
        return {
            .name = id + "-1",
            .deployment_id = id,
            .site_label = "shop",
            .files = {
                {.path = "index.html",
                 .source = artifact.path() / "index.html",
                 .bytes = std::filesystem::file_size(artifact.path() / "index.html"),
                 .content = sha256(artifact.read("index.html"))}}};
    }

    static SiteSwitch site(std::int64_t ticket, const std::string& id = k_id)
    {
        return {.site_label = "shop", .ticket = ticket, .release_name = id + "-1"};
    }

    std::filesystem::path link(const std::string& host) const
    {
        std::error_code failed;
        return std::filesystem::read_symlink(root.path() / host / "current", failed);
    }

    ScratchTree artifact;
    ScratchTree root;
    FakeClock clock;
    Result<HttpReply> answer{HttpReply{.status = 200, .body = "<h1>one</h1>"}};
    ScriptedHttpClient client{[this](const HttpCall&) { return answer; }};
    StaticTarget target{
        {.sites_root = root.path(),
         .sites = {.domain = "sites.example", .port = 8080},
         .probe_url = "http://127.0.0.1:9"},
        client,
        clock};
};

}  // namespace libra::testing
