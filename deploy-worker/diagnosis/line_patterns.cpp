#include "deploy-worker/diagnosis/line_patterns.hpp"

#include <algorithm>
#include <iterator>

namespace libra {

namespace {

constexpr std::string_view k_places[]{
    // As in `./app/page.tsx:3:7`, `    src/main.js:1:18:`, `file: /work/src/App.jsx:3:7`.
    R"~(^\s*(?:file: |in |at |╷|,-\[|╭─\[|- )?(?:file://)?(?:\./)?(?P<file>/?[\w@()\[\]+$-][\w@()\[\]+$./-]*\.(?:[cm]?[jt]sx?|vue|svelte|astro|css|scss|sass|less|mdx?|html|json))(?:\?\S*)?(?::(?P<line>\d+))?(?::\d+)?[:\]]?$)~",
    R"~(^ERROR in (?P<file>\.?/?[\w@()\[\]+$./-]+)(?: (?P<line>\d+):\d+(?:-\d+)?)?$)~",
};

constexpr std::string_view k_noise[]{
    R"~(^\s+at .+)~",
    R"~(^npm (?:error|ERR!)(?:\s+at .+|(?: 404)?\s*[{}\]]*)$)~",
    R"~(^npm (?:error|ERR!)\s+(?:errno|syscall|code|path|address|port|type|requiredBy):? )~",
    R"~(^[\s\-=_─━~^|│╵╷]+$)~",
    R"~(^(?:<--- |----- |\s*\d+: 0x|\[\d+:0x))~",
    R"~(^\s+throw )~",
    R"~(^\s*Node\.js v\d)~",
    R"~(^\s+(?:code|id|watchFiles|loc|frame|hook|plugin|pluginCode|requireStack|errno|syscall|pos|column|line): )~",
    R"~(^\s*[{}\]],?$)~",
    // What webpack tried.
    R"~(^(?:\s+(?:using |Field |resolve |looking |single |no |Parsed |as directory|existing |\.\w+$)|resolve '|.* doesn't exist$|.* is not a (?:file|directory)$))~",
    R"~(^➤ YN(?:0000|0028): )~",
    R"~(^This error happened while installing)~",
    R"~(^No authorization header)~",
    R"~(^Note that in CI environments)~",
    R"~(^info (?:Visit|No lockfile))~",
};

constexpr std::string_view k_ends[]{
    R"~(^npm (?:error|ERR!) (?:Clean install a project|Usage:|Options:|A complete log of this run|For a full report|To see a list|If you are behind|Fix the upstream|Note that you can|404 Note that|notarget In most))~",
    R"~(^If you need the full list)~",
    R"~(^\s+Stack trace:$)~",
    R"~(^webpack \d)~",
    R"~(^\d+ (?:error|warning)s?\b)~",
};

/// npm's and gVisor's.
constexpr std::string_view k_unreachable[]{
    "A complete log of this run can be found in",
    "/.npm/_logs/",
    R"(urpc method "containerManager.)",
};

}  // namespace

std::span<const std::string_view> place_patterns()
{
    return k_places;
}

std::span<const std::string_view> noise_patterns()
{
    return k_noise;
}

std::span<const std::string_view> end_patterns()
{
    return k_ends;
}

bool tells_nothing(std::string_view line)
{
    return std::any_of(std::begin(k_unreachable), std::end(k_unreachable), [&](auto part) {
        return line.find(part) != std::string_view::npos;
    });
}

}  // namespace libra
