#include "deploy-worker/diagnosis/sentences.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace libra {

namespace {

struct Sentence {
    std::string_view cause{};
    std::string_view likely_cause{};  // `{name}` stands for a detail
    std::string_view fix{};
};

constexpr std::string_view k_set_node{
    "Ask for the version of Node.js the project needs: the setting nodeVersion, `engines.node` in "
    "package.json or a file .nvmrc; or use a version of the package that works with the present "
    "one."};
constexpr std::string_view k_renew_lock{
    "Run `{install}` in the project and deploy the new {lock} together with package.json."};
constexpr std::string_view k_static_only{
    "Only static files can be hosted: let the framework write all pages at build time."};

// Of one cause, the sentence that says most comes first.
constexpr Sentence k_sentences[]{
    {"lock_file_outdated",
     "{lock} does not match package.json: {unlocked} is in package.json and not in {lock}.",
     k_renew_lock},
    {"lock_file_outdated", "{lock} does not match package.json: it lacks {package}.", k_renew_lock},
    {"lock_file_outdated", "{lock} does not match package.json.", k_renew_lock},
    {"lock_file_unreadable",
     "{lock} cannot be read: it is empty, damaged, or has the marks of a merge in it.",
     "Remove it, run `{install}` in the project, and deploy package.json and the new {lock}."},
    {"peer_dependency_conflict",
     "{package} needs {wanted}, but the project has {found}.",
     "Choose versions in package.json that fit together; or deploy a file .npmrc with the line "
     "`legacy-peer-deps=true`, which installs them all the same."},
    {"peer_dependency_conflict",
     "Two dependencies of the project need different versions of the same package.",
     "Choose versions in package.json that fit together; or deploy a file .npmrc with the line "
     "`legacy-peer-deps=true`, which installs them all the same."},
    {"no_such_version",
     "There is no {package}, which `{declared_as}` in package.json asks for.",
     "Ask for a version that exists as `{declared_as}`."},
    {"no_such_version",
     "There is no {package}: package.json or a dependency asks for a version that was never "
     "published.",
     "Ask for a version that exists, run `{install}`, and deploy package.json and the lock file."},
    {"no_such_version",
     "package.json or a dependency asks for a version that was never published.",
     "Ask for a version that exists, run `{install}`, and deploy package.json and the lock file."},
    {"no_such_package",
     "The registry has no package {package}, or it is a private one.",
     "Check how it is written in package.json. For a private package deploy a file .npmrc that "
     "takes its token from a secret variable of the project."},
    {"no_such_package",
     "A dependency is not in the registry, or it is a private one.",
     "Check the names in package.json. For a private package deploy a file .npmrc that takes its "
     "token from a secret variable of the project."},
    {"registry_authentication",
     "The registry did not accept the credentials it was given.",
     "Check the token that .npmrc uses; it belongs into a secret variable of the project."},
    {"registry_unreachable",
     "The package registry could not be reached from the build ({code}).",
     "If .npmrc or the lock file names a registry of your own, make sure that it can be reached "
     "from the public internet; else deploy again in a while."},
    {"registry_unreachable",
     "The package registry could not be reached from the build.",
     "If .npmrc or the lock file names a registry of your own, make sure that it can be reached "
     "from the public internet; else deploy again in a while."},
    {"network_unreachable",
     "The build asked for {host}, which could not be reached. A build reaches the public internet "
     "by DNS, HTTP and HTTPS and nothing else.",
     "Make {host} reachable from the public internet, or bring what is needed from there into the "
     "project."},
    {"unsupported_node_version",
     "{package} needs Node.js {wanted}; the build has {found}.",
     k_set_node},
    {"unsupported_node_version", "{package} needs Node.js {wanted}.", k_set_node},
    {"unsupported_node_version", "The build needs Node.js {wanted}; it has {found}.", k_set_node},
    {"unsupported_node_version", "The build needs Node.js {wanted}.", k_set_node},
    {"unsupported_node_version", "{package} does not work with Node.js {found}.", k_set_node},
    {"unsupported_node_version",
     "A tool of the build uses `{name}`, which Node.js {node} does not have.",
     k_set_node},
    {"unsupported_node_version",
     "A tool of the build does not work with Node.js {node}.",
     k_set_node},
    {"integrity_mismatch",
     "A package's content is not what {lock} says it is.",
     "Delete {lock} and node_modules in the project, run `{install}`, and deploy the new {lock}."},
    {"invalid_package_json",
     "package.json is not valid JSON.",
     "Mend package.json: no comments, no comma behind a last member, double quotes."},
    {"wrong_package_manager",
     "package.json has a version that begins with `{protocol}:`, which npm does not know.",
     "Deploy the lock file of the package manager that the project uses (pnpm-lock.yaml, yarn.lock "
     "or bun.lock), or name that one as `packageManager` in package.json."},
    {"workspace_package_missing",
     "package.json takes {package} from the workspace, and no package of that name is there.",
     "Deploy the whole workspace and set rootDirectory to the directory of the site in it."},
    {"native_module",
     "A dependency has native code that could not be compiled for Node.js {node}.",
     "Use a version of it that brings a finished build for Linux and this Node.js, or another "
     "package."},
    {"native_module",
     "A dependency has native code that could not be compiled.",
     "Use a version of it that brings a finished build for Linux, or another package."},
    {"missing_script",
     "package.json has no script named {script}. It has: {scripts}.",
     "Add `\"{script}\"` to the scripts of package.json, or set buildCommand to the command that "
     "builds the site."},
    {"missing_script",
     "package.json has no script named {script}.",
     "Add `\"{script}\"` to the scripts of package.json, or set buildCommand to the command that "
     "builds the site."},
    {"missing_script",
     "package.json has no script that builds the site.",
     "Add `\"build\"` to the scripts of package.json, or set buildCommand to the command that "
     "builds the site."},
    {"missing_dependency",
     "The build calls `{tool}`, which {package} brings, and package.json does not name {package}.",
     "Run `{add} {package}` in the project and deploy package.json and the lock file."},
    {"missing_dependency",
     "{file} imports {module}, and package.json does not name {package}.",
     "Run `{add} {package}` in the project and deploy package.json and the lock file."},
    {"missing_dependency",
     "The build needs {package}, and package.json does not name it.",
     "Run `{add} {package}` in the project and deploy package.json and the lock file."},
    {"dependency_not_installed",
     "The build calls `{tool}`; package.json names {package}, but it was not installed.",
     "Run `{install}` in the project and deploy package.json and the lock file; name {package} "
     "under dependencies or devDependencies, not under optional or peer ones."},
    {"dependency_not_installed",
     "{file} imports {module}; package.json names {package}, but this was not found in it.",
     "Check that the installed version of {package} has {module}. If it does, run `{install}` in "
     "the project and deploy package.json and the lock file."},
    {"dependency_not_installed",
     "The build needs {module}; package.json names {package}, but this was not found in it.",
     "Check that the installed version of {package} has {module}. If it does, run `{install}` in "
     "the project and deploy package.json and the lock file."},
    {"missing_command",
     "The build calls `{tool}`, and there is no such command.",
     "Add the package that brings `{tool}` to devDependencies, run `{install}`, and deploy "
     "package.json and the lock file."},
    {"command_not_executable",
     "`{tool}` may not be executed: its file came without that right.",
     "Leave node_modules out of what is deployed; dependencies are installed by the build."},
    {"case_sensitive_import",
     "{file} imports {module}, but the file is {actual}; file names are case-sensitive here.",
     "Write the import as the file is written, or rename the file."},
    {"case_sensitive_import",
     "The build asks for {path}, but the file is {actual}; file names are case-sensitive here.",
     "Write the name as the file is written, or rename the file."},
    {"missing_file",
     "{file} imports {module}, and there is no such file in the project; there is {elsewhere}.",
     "Correct the path of the import, or deploy the missing file. What .gitignore names is not "
     "deployed by the command line."},
    {"missing_file",
     "{file} imports {module}, and there is no such file in the project.",
     "Correct the path of the import, or deploy the missing file. What .gitignore names is not "
     "deployed by the command line."},
    {"missing_file",
     "The build asks for {path}, which is not in the project.",
     "Correct the path, or deploy the missing file. What .gitignore names is not deployed by the "
     "command line."},
    {"import_alias",
     "{file} imports {module}, which the build could not resolve: the alias is not set, or the "
     "file is not in the project.",
     "Set the alias for the bundler too (`resolve.alias` in the Vite configuration, say; `paths` "
     "in "
     "tsconfig.json are for types alone), or deploy the missing file."},
    {"import_alias",
     "The build could not resolve {module}: the alias is not set, or the file is not in the "
     "project.",
     "Set the alias for the bundler too (`resolve.alias` in the Vite configuration, say; `paths` "
     "in "
     "tsconfig.json are for types alone), or deploy the missing file."},
    {"node_builtin",
     "{file} imports {module}, a module of Node.js that browsers do not have.",
     "Use it in code that runs at build time only, or a package for browsers instead."},
    {"node_builtin",
     "The site imports {module}, a module of Node.js that browsers do not have.",
     "Use it in code that runs at build time only, or a package for browsers instead."},
    {"missing_export",
     "{file} imports {name} from {module}, which does not export it.",
     "Correct the name, or export {name} from {module}; if it is a package, check its version."},
    {"missing_export",
     "Something imports {name} from {module}, which does not export it.",
     "Correct the name, or export {name} from {module}; if it is a package, check its version."},
    {"syntax_error", "{file}, line {line}, cannot be parsed: {message}", "Mend {file}."},
    {"syntax_error", "{file} cannot be parsed: {message}", "Mend {file}."},
    {"syntax_error", "A source file cannot be parsed: {message}", "Mend the file named above it."},
    {"type_error",
     "{file}, line {line}, has a type error: {message}",
     "Mend it; or leave type checking out of the build script and do it elsewhere."},
    {"type_error",
     "{file} has a type error: {message}",
     "Mend it; or leave type checking out of the build script and do it elsewhere."},
    {"type_error",
     "There is a type error: {message}",
     "Mend it; or leave type checking out of the build script and do it elsewhere."},
    {"lint_error",
     "{file}, line {line}, breaks the lint rule {rule}: {message}",
     "Mend it, or let the build not lint (in Next.js: `eslint.ignoreDuringBuilds`)."},
    {"lint_error",
     "A file breaks the lint rule {rule}: {message}",
     "Mend it, or let the build not lint (in Next.js: `eslint.ignoreDuringBuilds`)."},
    {"warnings_as_errors",
     "The build takes warnings for errors because the variable CI is true.",
     "Mend the warnings, or set the variable CI of the project to `false`."},
    {"browser_only_code",
     "Code that runs at build time uses `{name}`, which only browsers have.",
     "Use `{name}` only in the browser: in an effect, in a client-only component, or behind "
     "`typeof {name} !== 'undefined'`."},
    {"missing_environment_variable",
     "The build needs the variable {variable}, which is not set.",
     "Set {variable} among the project's variables and deploy again."},
    {"missing_environment_variable",
     "The build needs a variable that is not set.",
     "Set it among the project's variables and deploy again."},
    {"not_static", "The page {page} is not static: {missing} is missing.", k_static_only},
    {"not_static", "The page {page} needs a server at run time.", k_static_only},
    {"not_static", "The site needs a server at run time: {missing}.", k_static_only},
    {"not_static", "Some pages of the site need a server at run time.", k_static_only},
    {"wrong_output_directory",
     "The build left an index.html in {pages}, but not in any directory that was looked in.",
     "Set outputDirectory to {page}."},
    {"wrong_output_directory",
     "The build left no index.html. It made these directories: {made}.",
     "Set outputDirectory to the one with the site, and let the build write an index.html there."},
    {"wrong_output_directory",
     "The build made no directory: it wrote no site.",
     "Check that the build command writes the site, and set outputDirectory to where it does."},
    {"out_of_memory_node",
     "Node.js ran out of its own heap, whose limit is below that of the sandbox ({memory}).",
     "Set the variable NODE_OPTIONS of the project to `--max-old-space-size={heap}`, or make the "
     "build need less memory: no source maps, fewer files at a time."},
    {"out_of_memory",
     "The build needs more memory than a sandbox has: {reached} of {limit} were in use.",
     "Make the build need less memory: no source maps, fewer parallel workers, a smaller "
     "`--max-old-space-size`; or ask whoever runs the platform for a higher limit "
     "(SANDBOX_MEMORY_MB)."},
    {"out_of_memory",
     "The build needs more memory than a sandbox has: {limit}.",
     "Make the build need less memory: no source maps, fewer parallel workers, a smaller "
     "`--max-old-space-size`; or ask whoever runs the platform for a higher limit "
     "(SANDBOX_MEMORY_MB)."},
    {"out_of_disk",
     "The build wrote more than a sandbox's disk holds: {limit}, for the project's files, its "
     "dependencies and all output.",
     "Write less: fewer dependencies, no copies of large files, no caches inside the project; or "
     "ask whoever runs the platform for a higher limit (SANDBOX_DISK_MB)."},
    {"out_of_disk",
     "The sandbox's disk was full.",
     "Write less: fewer dependencies, no copies of large files, no caches inside the project; or "
     "ask whoever runs the platform for a higher limit (SANDBOX_DISK_MB)."},
    {"too_many_build_files",
     "The build made too many files: a sandbox's disk holds {limit}, and {reached} were there. "
     "There was room for more bytes.",
     "Make fewer files: fewer dependencies, no caches inside the project; or ask whoever runs the "
     "platform for a larger disk (SANDBOX_DISK_MB), which holds more files, too."},
    {"out_of_processes",
     "The build started more processes and threads than a sandbox may have at once: {limit}.",
     "Start fewer: a lower limit of parallel workers, no program that starts itself again; or ask "
     "whoever runs the platform for a higher limit (SANDBOX_PROCESSES)."},
    {"time_limit",
     "`{command}` was still running when the time limit was reached: {limit}.",
     "Make it faster, or let it end: a build command must not watch or serve files. Or ask whoever "
     "runs the platform for a higher limit (MAX_DEPLOYMENT_TIMEOUT)."},
    {"time_limit",
     "The time limit was reached: {limit}.",
     "Make the build faster, or ask whoever runs the platform for a higher limit "
     "(MAX_DEPLOYMENT_TIMEOUT)."},
};

/// `text` with its names put in; nothing if one is not known.
std::optional<std::string>
filled_in(std::string_view text, const std::map<std::string, std::string>& details)
{
    std::string filled;
    while (true) {
        const std::size_t open = text.find('{');
        filled += text.substr(0, open);
        if (open == std::string_view::npos) {
            return filled;
        }
        const std::size_t close = text.find('}', open);
        const auto detail = details.find(std::string{text.substr(open + 1, close - open - 1)});
        if (detail == details.end() || detail->second.empty()) {
            return std::nullopt;
        }
        filled += detail->second;
        text.remove_prefix(close + 1);
    }
}

}  // namespace

std::optional<Explanation>
sentences_for(std::string_view cause, const std::map<std::string, std::string>& details)
{
    for (const Sentence& sentence : k_sentences) {
        if (sentence.cause != cause) {
            continue;
        }
        std::optional<std::string> likely = filled_in(sentence.likely_cause, details);
        std::optional<std::string> fix = filled_in(sentence.fix, details);
        if (likely && fix) {
            return Explanation{*std::move(likely), *std::move(fix)};
        }
    }
    return std::nullopt;
}

}  // namespace libra
