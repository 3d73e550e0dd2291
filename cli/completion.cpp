#include "cli/completion.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <vector>

namespace libra {

namespace {

struct Word {
    std::string text{};
    std::string purpose{};
};

/// What may follow the commands of `path`, which is empty at the beginning of a line.
struct Level {
    std::string path{};  // the commands so far, with blanks
    std::vector<Word> words{};
    bool has_commands{};
};

void collect(const CLI::App& app, const std::string& path, std::vector<Level>& levels)
{
    Level level{.path = path};
    for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
        level.words.push_back({command->get_name(), command->get_description()});
        level.has_commands = true;
    }
    for (const CLI::Option* option : app.get_options()) {
        for (const std::string& name : option->get_lnames()) {
            level.words.push_back({"--" + name, option->get_description()});
        }
    }
    levels.push_back(std::move(level));
    for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
        collect(
            *command, path.empty() ? command->get_name() : path + ' ' + command->get_name(), levels
        );
    }
}

std::string joined(const std::vector<Word>& words)
{
    std::string text;
    for (const Word& word : words) {
        text += (text.empty() ? "" : " ") + word.text;
    }
    return text;
}

std::string bash_script(const std::vector<Level>& levels)
{
    std::string cases;
    for (const Level& level : levels) {
        cases += fmt::format("        '{}') words='{}' ;;\n", level.path, joined(level.words));
    }
    return fmt::format(
        R"(# bash completion of libra: source <(libra completion bash)
_libra() {{
    local word path='' words=''
    for word in "${{COMP_WORDS[@]:1:COMP_CWORD-1}}"; do
        [[ $word == -* ]] || path+="${{path:+ }}$word"
    done
    # What is no command is an argument of the command before it.
    while :; do
        case $path in
{}        esac
        [[ -z $words && $path == *' '* ]] || break
        path=${{path% *}}
    done
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "${{COMP_WORDS[COMP_CWORD]}}")
    ((${{#COMPREPLY[@]}})) || mapfile -t COMPREPLY < <(compgen -f -- "${{COMP_WORDS[COMP_CWORD]}}")
}}
complete -o filenames -F _libra libra)",
        cases
    );
}

std::string zsh_script(const std::vector<Level>& levels)
{
    return fmt::format(
        "#compdef libra\n# zsh completion of libra: source <(libra completion zsh)\n"
        "autoload -U +X bashcompinit && bashcompinit\n{}",
        bash_script(levels)
    );
}

std::string quoted(const std::string& text)
{
    std::string safe{"'"};
    for (const char c : text) {
        if (c == '\'' || c == '\\') {
            safe += '\\';
        }
        safe += c;
    }
    return safe + '\'';
}

std::string fish_script(const std::vector<Level>& levels)
{
    std::string script{
        "# fish completion of libra: libra completion fish | source\n"
        "function __libra_at\n"
        "    set -l words (commandline -opc)[2..-1]\n"
        "    test \"$argv\" = (string join ' ' -- (string match -v -- '-*' $words))\n"
        "end\n"};
    for (const Level& level : levels) {
        for (const Word& word : level.words) {
            const bool is_option = word.text.starts_with("--");
            script += fmt::format(
                "complete -c libra {} -n '__libra_at {}' {} {} -d {}\n",
                level.has_commands ? "-f" : "",
                level.path,
                is_option ? "-l" : "-a",
                is_option ? word.text.substr(2) : word.text,
                quoted(word.purpose)
            );
        }
    }
    script.pop_back();
    return script;
}

}  // namespace

std::string completion_script(const CLI::App& app, std::string_view shell)
{
    std::vector<Level> levels;
    collect(app, "", levels);
    return shell == "bash"  ? bash_script(levels)
           : shell == "zsh" ? zsh_script(levels)
                            : fish_script(levels);
}

}  // namespace libra
