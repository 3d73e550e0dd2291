#pragma once

#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

/// @file What the user sees. Results go to standard output, everything about them to standard
/// error, so that a pipe gets the results alone.

namespace libra {

enum class Shade { plain, good, bad, dim, strong };

class Terminal {
public:
    /// Looks at both streams, at NO_COLOR (https://no-color.org) and at TERM.
    Terminal();

    /// For tests. Streams must outlive it.
    Terminal(std::FILE* out, std::FILE* err, bool interactive, bool colour);

    /// Whether somebody sits there who can be asked.
    bool interactive() const { return interactive_; }

    void result(std::string_view line) const;
    void note(std::string_view line) const;

    /// One line that the next one replaces; on no terminal it is dropped.
    void progress(std::string_view line);
    void clear_progress();

    std::string shaded(std::string_view text, Shade shade) const;

    /// The answer to a question, without its line end; empty at the end of input and where nobody
    /// can be asked. With `hidden` it is not shown.
    std::string ask(std::string_view question, bool hidden = false) const;

    /// Columns as wide as they have to be, the heading first. Nothing for no rows but `if_empty`.
    void table(
        const std::vector<std::string>& heading,
        const std::vector<std::vector<std::string>>& rows,
        std::string_view if_empty
    ) const;

private:
    std::FILE* out_;
    std::FILE* err_;
    bool interactive_;
    bool colour_;
    bool progress_shown_{false};
};

/// `text` without control characters: what the platform and builds say must not steer the terminal.
/// With `colours` the sequences that set colours stay.
std::string harmless(std::string_view text, bool colours = false);

}  // namespace libra
