#include "deploy-worker/diagnosis/error_patterns.hpp"

#include <array>

namespace libra {

namespace {

// The lines are recorded from the tools' own output: tests/unit/diagnosis/recordings.
constexpr ErrorPattern k_patterns[]{
    // Memory of Node itself.
    {"out_of_memory_node", R"~(FATAL ERROR: .*(?:heap out of memory|Allocation failed))~", 3},
    {"out_of_memory_node", R"~(^RangeError: Array buffer allocation failed)~", 2},
    {"out_of_memory_node", R"~(ERR_WORKER_OUT_OF_MEMORY)~", 3},

    // npm
    {"lock_file_outdated",
     R"~(^npm (?:error|ERR!) .*can only install packages when your package\.json and )~"
     R"~((?P<lock>package-lock\.json).* are in sync)~",
     3},
    {"lock_file_outdated",
     R"~(^npm (?:error|ERR!) Missing: (?P<package>(?:@[^@\s]+|[^@\s]+)@\S+) from lock file)~",
     3},
    {"lock_file_outdated",
     R"~(^npm (?:error|ERR!) Invalid: lock file's (?P<locked>\S+) does not satisfy )~"
     R"~((?P<package>\S+))~",
     3},
    {"peer_dependency_conflict", R"~(^npm (?:error|ERR!) code ERESOLVE)~", 3},
    {"peer_dependency_conflict", R"~(^npm (?:error|ERR!) Found: (?P<found>\S+))~", 3},
    {"peer_dependency_conflict",
     R"~(^npm (?:error|ERR!)\s+(?:\S+ )?peer (?P<wanted>\S+@"[^"]*") from (?P<package>\S+))~",
     3},
    {"no_such_version", R"~(^npm (?:error|ERR!) code ETARGET)~", 3},
    {"no_such_version",
     R"~(^npm (?:error|ERR!) notarget No matching version found for (?P<package>\S+?)\.?$)~",
     3},
    {"no_such_package", R"~(^npm (?:error|ERR!) code E404)~", 3},
    {"no_such_package",
     R"~(^npm (?:error|ERR!) 404\s+'(?P<package>[^'\s]+?)(?:@[^'@]*)?' is not in this registry)~",
     3},
    {"no_such_package",
     R"~(^npm (?:error|ERR!) 404\s+The requested resource '(?P<package>[^'\s]+?)(?:@[^'@]*)?' could )~"
     R"~(not be found)~",
     3},
    {"registry_authentication", R"~(^npm (?:error|ERR!) code (?:E401|E403|ENEEDAUTH|EOTP))~", 3},
    {"registry_unreachable",
     R"~(^npm (?:error|ERR!) code (?P<code>ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|)~"
     R"~(ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT|FETCH_ERROR))~",
     3},
    {"unsupported_node_version", R"~(^npm (?:error|ERR!) code EBADENGINE)~", 3},
    {"unsupported_node_version",
     R"~(^npm (?:error|ERR!) notsup Not compatible with your version of node/npm: )~"
     R"~((?P<package>\S+))~",
     3},
    {"unsupported_node_version",
     R"~(^npm (?:error|ERR!) (?:notsup )?Required:\s+\{"node":"(?P<wanted>[^"]+)")~",
     3},
    {"integrity_mismatch", R"~(^npm (?:error|ERR!) code EINTEGRITY)~", 3},
    {"integrity_mismatch",
     R"~(^npm (?:error|ERR!) (?:sha\d+-\S+|Verification failed while extracting (?P<package>\S+?):))~",
     3},
    {"invalid_package_json", R"~(^npm (?:error|ERR!) code EJSONPARSE)~", 3},
    {"wrong_package_manager",
     R"~(^npm (?:error|ERR!) Unsupported URL Type "(?P<protocol>workspace|link|portal|catalog|patch):)~",
     3},
    {"native_module", R"~(^npm (?:error|ERR!) gyp ERR! )~", 3},
    {"native_module", R"~(^gyp ERR! )~", 2},
    {"missing_script", R"~(^npm (?:error|ERR!) Missing script: "?(?P<script>[^"]+)"?)~", 3},

    // pnpm
    {"lock_file_outdated",
     R"~(ERR_PNPM_(?:OUTDATED_LOCKFILE|LOCKFILE_CONFIG_MISMATCH)\W.*?(?P<lock>pnpm-lock\.yaml)?)~",
     3},
    {"lock_file_outdated", R"~(ERR_PNPM_(?:LOCKFILE_BREAKING_CHANGE|BROKEN_LOCKFILE)\W)~", 3},
    {"lock_file_outdated",
     R"~(^\* (?:\d+ dependenc(?:y|ies) (?:was|were) (?:added|removed): ))~"
     R"~((?P<package>(?:@[^@\s]+|[^@\s]+)@[^\s,]+))~",
     3},
    {"no_such_version",
     R"~(ERR_PNPM_NO_MATCHING_VERSION(?:_INSIDE_WORKSPACE)?\W+No matching version found for )~"
     R"~((?P<package>\S+))~",
     3},
    {"no_such_package",
     R"~(ERR_PNPM_FETCH_404\W.*: (?P<package>\S+?) is not in the npm registry)~",
     3},
    {"no_such_package", R"~(ERR_PNPM_FETCH_404\W)~", 3},
    {"no_such_package",
     R"~(^(?P<package>\S+) is not in the npm registry, or you have no permission)~",
     3},
    {"registry_authentication", R"~(ERR_PNPM_FETCH_40[13]\W)~", 3},
    {"registry_unreachable", R"~(ERR_PNPM_META_FETCH_FAIL\W)~", 3},
    {"peer_dependency_conflict", R"~(ERR_PNPM_PEER_DEP_ISSUES\W)~", 3},
    {"unsupported_node_version", R"~(ERR_PNPM_UNSUPPORTED_ENGINE\W)~", 3},
    {"unsupported_node_version", R"~(^Expected version: (?P<wanted>.+)$)~", 1},
    {"integrity_mismatch", R"~(ERR_PNPM_TARBALL_INTEGRITY\W)~", 3},
    {"missing_script", R"~(ERR_PNPM_NO_SCRIPT\W+Missing script: (?P<script>\S+))~", 3},
    {"workspace_package_missing",
     R"~(ERR_PNPM_WORKSPACE_PKG_NOT_FOUND\W.*"(?P<package>[^"@]+|@[^"@]+)@(?:workspace:)?[^"]*")~",
     3},

    // Yarn
    {"lock_file_outdated",
     R"~(^error Your lockfile needs to be updated, but yarn was run with)~",
     3},
    {"lock_file_outdated",
     R"~(YN0028: .*The lockfile would have been (?:modified|created) by this install)~",
     3},
    {"no_such_package",
     R"~(^error Couldn't find package "(?P<package>[^"]+)"(?: required by "[^"]*")? on the )~",
     3},
    {"no_such_version",
     R"~(^error Couldn't find any versions for "(?P<name>[^"]+)" that matches "(?P<version>[^"]+)")~",
     3},
    {"no_such_package",
     R"~(YN0035: .*?(?P<package>(?:@[\w.-]+/)?[\w.-]+)@npm:[^:]*: Package not found)~",
     3},
    {"no_such_version",
     R"~(YN0082: .*?(?P<package>(?:@[\w.-]+/)?[\w.-]+@npm:[^:]+): No candidates found)~",
     3},
    {"unsupported_node_version",
     R"~(^error (?P<package>\S+): The engine "node" is incompatible with this module\. Expected )~"
     R"~(version "(?P<wanted>[^"]+)"\. Got "(?P<found>[^"]+)")~",
     3},
    {"missing_script", R"~(^error Command "(?P<script>[^"]+)" not found)~", 3},
    {"missing_script", R"~(^Usage Error: Couldn't find a script named "(?P<script>[^"]+)")~", 3},
    {"registry_unreachable",
     R"~(^error An unexpected error occurred: ".*(?:getaddrinfo|connect) E)~",
     3},
    {"no_such_package", R"~(^error: (?P<package>(?:@[^@\s]+|[^@\s]+))@\S+ failed to resolve)~", 2},
    {"registry_unreachable", R"~(YN0001: .*RequestError: (?:getaddrinfo|connect) E)~", 3},

    // Bun
    {"lock_file_outdated", R"~(^error: lockfile had changes, but lockfile is frozen)~", 3},
    {"missing_script", R"~(^error: Script not found "(?P<script>[^"]+)")~", 3},
    {"no_such_version",
     R"~(^error: No version matching "(?P<version>[^"]+)" found for specifier "(?P<name>[^"]+)")~",
     3},
    {"no_such_package",
     R"~(^error: GET \S+/(?P<package>(?:@[^/\s]+(?:/|%2[fF]))?[^/\s]+) - 404)~",
     3},
    {"registry_unreachable", R"~(^error: (?:ConnectionRefused|UnableToConnect|Timeout)\b)~", 2},

    // The shell, and what package managers have in its place
    {"missing_command",
     R"~(^(?:/[\w/]+/)?(?:ba|da)?sh(?:: (?:line )?\d+)?: (?P<tool>[\w@./-]+): (?:command )?not found$)~",
     2},
    {"missing_command", R"~(^(?:error|bun): command not found: (?P<tool>[\w@./-]+))~", 2},
    {"missing_command", R"~(^command not found: (?P<tool>[\w@./-]+))~", 2},
    {"command_not_executable",
     R"~(^(?:/[\w/]+/)?(?:ba|da)?sh(?:: (?:line )?\d+)?: (?P<tool>[\w@./-]+): Permission denied$)~",
     2},

    // Node's version
    {"unsupported_node_version",
     R"~(^Vite requires Node\.js version (?P<wanted>[^.]+(?:\.\d+)+\+?[^.]*(?:\.\d+)*\+?))~",
     3},
    {"unsupported_node_version",
     R"~(^You are using Node\.js (?P<found>[\d.]+)\. For Next\.js, Node\.js version "(?P<wanted>[^"]+)")~",
     3},
    {"unsupported_node_version",
     R"~(^Node\.js v?(?P<found>[\d.]+) is not supported by (?P<package>\w+))~",
     3},
    {"unsupported_node_version", R"~(^Node\.js version v?(?P<found>[\d.]+) detected\.$)~", 2},
    {"unsupported_node_version",
     R"~(The Angular CLI requires a minimum Node\.js version of (?P<wanted>.+?)\.?$)~",
     3},
    {"unsupported_node_version", R"~(error:0308010C:digital envelope routines::unsupported)~", 3},
    {"unsupported_node_version",
     R"~(SyntaxError: The requested module '(?P<builtin>node:\w+)' does not provide an export named )~"
     R"~('(?P<name>\w+)')~",
     3},
    {"unsupported_node_version",
     R"~(TypeError: (?P<name>crypto\.hash|Object\.groupBy|Promise\.withResolvers) is not a function)~",
     2},

    // Static sites only
    {"not_static",
     R"~(Error: Page "(?P<page>[^"]+)" is missing "(?P<missing>generateStaticParams\(\))" so it cannot be used)~",
     3},
    {"not_static",
     R"~(Error: Page "(?P<page>[^"]+)" cannot use both .* with "output: export")~",
     3},
    {"not_static",
     R"~(Error: export const dynamic = .* on page "(?P<page>[^"]+)" cannot be used with "output: export")~",
     3},
    {"not_static",
     R"~((?:Error: )?(?P<missing>Server Actions|Middleware|API Routes|[Rr]ewrites|[Rr]edirects|Image Optimization).* (?:not supported|cannot be used|not compatible) with (?:static export|"output: export"|`output: export`|`\{ output: 'export' \}`))~",
     3},
    {"not_static", R"~(@sveltejs/adapter-static: all routes must be fully prerenderable)~", 3},
    {"not_static", R"~(^Error: Encountered dynamic routes$)~", 3},
    {"not_static", R"~(\[NoAdapterInstalled\])~", 3},

    // A variable that is not set
    {"missing_environment_variable",
     R"~((?i:missing (?:required )?(?:env(?:ironment)? ?(?:variable|var)?s?)[: ]+[`'"]?)(?P<variable>[A-Z][A-Z0-9_]{2,}))~",
     2},
    {"missing_environment_variable",
     R"~((?:environment variable|env var) [`'"]?(?P<variable>[A-Z][A-Z0-9_]{2,})[`'"]? (?:is|was) (?:not set|not defined|missing|undefined|required))~",
     2},
    {"missing_environment_variable",
     R"~(^\s*[`'"]?(?P<variable>[A-Z][A-Z0-9_]{2,})[`'"]? is (?:missing|required)\b)~",
     2},
    {"missing_environment_variable", R"~(\[EnvInvalidVariables\])~", 3},

    // A module that is not found. What it is instead, the project's files tell.
    {"module_not_found?",
     R"~((?:Rollup failed to resolve import|Failed to resolve import) "(?P<module>[^"]+)" from "(?P<file>[^"?]+))~",
     2},
    {"missing_file", R"~(Could not resolve entry module ["'](?P<path>[^"']+)["'])~", 2},
    {"module_not_found?", R"~(\[ERROR\] Could not read from file: (?P<path>\S+))~", 2},
    {"module_not_found?",
     R"~(Could not resolve ["'](?P<module>[^"']+)["'] (?:from|in) ["']?(?P<file>[^"'?\s]+))~",
     2},
    {"module_not_found?", R"~(\[ERROR\] Could not resolve ["'](?P<module>[^"']+)["'])~", 2},
    {"module_not_found?",
     R"~(Could not load (?P<path>[^\s(?]+)(?:\?[^\s(]*)? \(imported by (?P<file>[^)?]+)\S*\): ENOENT)~",
     2},
    {"module_not_found?",
     R"~(Module not found: (?:Error: )?Can't resolve '(?P<module>[^']+)'(?: in '(?P<directory>[^']+)')?)~",
     2},
    {"module_not_found?",
     R"~(^(?P<file>[^\s(]+)\((?P<line>\d+),\d+\): error TS(?:2307|2792): Cannot find module '(?P<module>[^']+)')~",
     2},
    {"module_not_found?",
     R"~(^(?P<file>\S+?):(?P<line>\d+):\d+ - error TS(?:2307|2792): Cannot find module '(?P<module>[^']+)')~",
     2},
    {"module_not_found?", R"~(TS2307: Cannot find module '(?P<module>[^']+)')~", 2},
    {"module_not_found?",
     R"~(Cannot find module '(?P<module>[^']+)' or its corresponding type declarations)~",
     2},
    {"module_not_found?",
     R"~(Cannot find (?:package|module) '(?P<module>[^']+)' imported from (?P<file>\S+))~",
     2},
    {"module_not_found?", R"~(^(?:\S+ )?Error: Cannot find module '(?P<module>[^']+)')~", 2},
    {"module_not_found?", R"~(Preprocessor dependency "(?P<module>[^"]+)" not found)~", 2},
    {"module_not_found?",
     R"~(Loading PostCSS Plugin failed: Cannot find module '(?P<module>[^']+)')~",
     2},
    {"case_sensitive_import",
     R"~(error TS(?:1149|1261): (?:Already included file name|File name) '(?P<path>[^']+)' differs from )~"
     R"~((?:already included )?file name '(?P<other>[^']+)' only in casing)~",
     2},

    // A name that a module does not have
    {"missing_export",
     R"~("(?P<name>[^"]+)" is not exported by "(?P<module>[^"?]+)[^"]*", imported by "(?P<file>[^"?]+))~",
     2},
    {"missing_export",
     R"~(\[ERROR\] No matching export in "(?P<module>[^"]+)" for import "(?P<name>[^"]+)")~",
     2},
    {"missing_export",
     R"~((?:Attempted import error: |export )'(?P<name>[^']+)' (?:is not exported from|\(imported as '[^']*'\) was not found in) '(?P<module>[^']+)')~",
     2},
    {"missing_export",
     R"~(SyntaxError: The requested module '(?P<module>[^']+)' does not provide an export named '(?P<name>[^']+)')~",
     2},
    {"missing_export",
     R"~((?P<file>\S+?)\((?P<line>\d+),\d+\): error TS2305: Module '"?(?P<module>[^'"]+)"?' has no exported member '(?P<name>[^']+)')~",
     2},

    // Code that is no code
    {"syntax_error",
     R"~(^(?P<file>[^\s(]+)\((?P<line>\d+),\d+\): error TS1\d{3}: (?P<message>.+)$)~",
     2},
    {"syntax_error",
     R"~(^(?P<file>\S+?):(?P<line>\d+):\d+ - error TS1\d{3}: (?P<message>.+)$)~",
     2},
    {"syntax_error",
     R"~(^(?:.*\])?\s*(?:RollupError: )?(?:Parse failure: |Parse error @ )(?P<message>.+)$)~",
     2},
    {"syntax_error",
     R"~(^(?:\[[^\]]+\] )*(?P<file>[^\s:]+\.\w+) \((?P<line>\d+):\d+\): (?P<message>.+)$)~",
     2},
    {"syntax_error",
     R"~(^\[vite:vue\] \[vue/compiler-sfc\] (?P<message>.+?) \((?P<line>\d+):\d+\)$)~",
     2},
    {"syntax_error", R"~(^(?P<message>(?:Unexpected|Unterminated) (?:"|'|token|end of).*)$)~", 1},
    {"syntax_error",
     R"~(^(?:.*\] )?(?P<file>/[^\s:?]+|[^\s:?\]]+\.\w+): (?P<message>(?:Unexpected|Unterminated|Expected|Missing|Expected corresponding JSX|Adjacent JSX).*?)(?: \((?P<line>\d+):\d+\))?$)~",
     2},
    {"syntax_error",
     R"~(^SyntaxError: (?:\[[\w-]+\] )?(?P<file>/[^\s:]+): (?P<message>.*?)(?: \((?P<line>\d+):\d+\))?$)~",
     2},
    {"syntax_error",
     R"~(^(?:.*\] )?(?:(?P<file>[^\s:]+\.\w+)(?::(?P<line>\d+):\d+)?: )?SyntaxError: (?P<message>.+)$)~",
     2},
    {"syntax_error",
     R"~(\[vite:vue\] (?P<message>(?:Element is missing end tag|Invalid end tag|Unexpected|Attribute|Duplicate|Error parsing|v-\S+).*)$)~",
     2},
    {"syntax_error",
     R"~(^(?:Error:\s+)?[x×]\s+(?P<message>(?:Expected|Unexpected|Unterminated|Expression expected|Return statement).*)$)~",
     2},
    {"syntax_error",
     R"~(\[ERROR\] (?P<message>(?:Expected|Unexpected|Unterminated|Invalid|The character|The closing|Syntax error).*)$)~",
     2},
    {"syntax_error", R"~(^(?P<file>/[^\s:]+):(?P<line>\d+):\d+: ERROR: (?P<message>.+)$)~", 2},
    {"syntax_error", R"~(^Module parse failed: (?P<message>.+?)(?: \((?P<line>\d+):\d+\))?$)~", 2},
    {"syntax_error", R"~(\[CompileError\] (?P<message>.+)$)~", 2},

    // Types
    {"type_error",
     R"~(^(?P<file>[^\s(]+)\((?P<line>\d+),\d+\): error (?P<code>TS\d+): (?P<message>.+)$)~",
     1},
    {"type_error",
     R"~(^(?:Error: )?(?P<file>\S+?):(?P<line>\d+):\d+ - error (?P<code>(?:TS|NG)\d+|ts\(\d+\)):? (?P<message>.+)$)~",
     1},
    {"type_error",
     R"~(\[ERROR\] (?P<code>(?:TS|NG)-?\d+): (?P<message>.+?)(?: \[plugin [\w-]+\])?$)~",
     1},
    {"type_error", R"~(^error (?P<code>TS\d+): (?P<message>.+)$)~", 1},
    {"type_error", R"~(^Type error: (?P<message>.+)$)~", 1},
    {"type_error", R"~(^Error: (?P<message>.+) \(ts\)$)~", 1},

    // Rules that a build takes for errors
    {"warnings_as_errors", R"~(^Treating warnings as errors because process\.env\.CI = true)~", 3},
    {"lint_error",
     R"~(^(?P<line>\d+):\d+\s+Error:\s+(?P<message>.+?)\s+(?P<rule>[@\w-]+(?:/[\w-]+)*)$)~",
     1},
    {"lint_error",
     R"~(^\s+(?P<line>\d+):\d+\s+error\s+(?P<message>.+?)\s{2,}(?P<rule>[@\w-]+(?:/[\w-]+)*)$)~",
     1},

    // What a server or a browser has and a build has not
    {"browser_only_code",
     R"~((?P<name>window|document|navigator|localStorage|sessionStorage) is not defined$)~",
     2},
    {"network_unreachable",
     R"~((?:getaddrinfo|connect) (?:ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ENETUNREACH|EHOSTUNREACH|ETIMEDOUT) (?P<host>[^\s'"]+))~",
     2},
    {"network_unreachable",
     R"~(Failed to fetch [`'"](?P<host>[^`'"]+)[`'"] from Google Fonts)~",
     2},
    {"out_of_disk", R"~(ENOSPC: no space left on device)~", 2},

    // Said of any kind of error.
    {"", R"~(^npm (?:error|ERR!) (?:code |(?:E[A-Z]+|[45]\d\d) ))~", 0},
    {"", R"~(^\s*ERR_PNPM_)~", 0},
    {"", R"~(^➤ YN\d{4}: .*(?:Error|error|✘))~", 0},
    {"",
     R"~(^(?:error during build:|Failed to compile\.?|ERROR in |Build failed|.*✘ \[ERROR\]))~",
     0},
    {"", R"~(^\s*(?:[A-Z][A-Za-z]*)?(?:Error|Exception)(?: \[[A-Z_]+\])?: )~", 0},
    {"", R"~(^\s*(?:\[[^\]]{1,40}\]\s*)*(?i:error|fatal)(?:$|[\s:!]))~", 0},
    {"", R"~(^\d\d:\d\d:\d\d \[ERROR\] )~", 0},
    {"", R"~(^\[Error: )~", 0},
    {"", R"~(^(?:node:internal/|Unhandled|Uncaught ))~", 0},
};

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

}  // namespace

std::span<const ErrorPattern> error_patterns()
{
    return k_patterns;
}

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

}  // namespace libra
