#include "cli/terminal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <poll.h>
#include <termios.h>
#include <unistd.h>

namespace libra {

namespace {

bool says_no(const char* variable)
{
    const char* const value = std::getenv(variable);
    return value != nullptr && *value != '\0';
}

bool can_colour()
{
    const char* const terminal = std::getenv("TERM");
    return ::isatty(STDOUT_FILENO) == 1 && ::isatty(STDERR_FILENO) == 1 && !says_no("NO_COLOR") &&
           (terminal == nullptr || std::string_view{terminal} != "dumb");
}

void write_line(std::FILE* stream, std::string_view line)
{
    std::fwrite(line.data(), 1, line.size(), stream);
    std::fputc('\n', stream);
    std::fflush(stream);
}

/// Characters, as far as the terminal gives each one a column.
std::size_t width(std::string_view text)
{
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
    }));
}

/// The length of a sequence at the start of `text` that sets colours (ESC [ … m), 0 for none.
std::size_t colour_sequence(std::string_view text)
{
    if (!text.starts_with("\x1b[")) {
        return 0;
    }
    const std::size_t end = text.find_first_not_of("0123456789;", 2);
    return end != std::string_view::npos && text[end] == 'm' ? end + 1 : 0;
}

/// Echo off for as long as it lives.
class HiddenInput {
public:
    explicit HiddenInput(bool wanted) : active_{wanted && ::tcgetattr(STDIN_FILENO, &before_) == 0}
    {
        if (active_) {
            termios quiet = before_;
            quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
            ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
        }
    }

    ~HiddenInput()
    {
        if (active_) {
            ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
        }
    }

    HiddenInput(const HiddenInput&) = delete;
    HiddenInput& operator=(const HiddenInput&) = delete;

private:
    termios before_{};
    bool active_;
};

}  // namespace

Terminal::Terminal()
    : Terminal{
          stdout,
          stderr,
          ::isatty(STDIN_FILENO) == 1 && ::isatty(STDERR_FILENO) == 1,
          can_colour()}
{
}

Terminal::Terminal(std::FILE* out, std::FILE* err, bool interactive, bool colour)
    : out_{out}, err_{err}, interactive_{interactive}, colour_{colour}
{
}

void Terminal::result(std::string_view line) const
{
    write_line(out_, line);
}

void Terminal::note(std::string_view line) const
{
    if (progress_shown_) {
        std::fputs("\r\x1b[K", err_);
    }
    write_line(err_, line);
}

void Terminal::progress(std::string_view line)
{
    if (!interactive_) {
        return;
    }
    std::fputs("\r\x1b[K", err_);
    std::fwrite(line.data(), 1, line.size(), err_);
    std::fflush(err_);
    progress_shown_ = true;
}

void Terminal::clear_progress()
{
    if (progress_shown_) {
        std::fputs("\r\x1b[K", err_);
        std::fflush(err_);
        progress_shown_ = false;
    }
}

std::string Terminal::shaded(std::string_view text, Shade shade) const
{
    if (!colour_ || shade == Shade::plain) {
        return std::string{text};
    }
    const char* const code = shade == Shade::good  ? "32"
                             : shade == Shade::bad ? "31"
                             : shade == Shade::dim ? "2"
                                                   : "1";
    return fmt::format("\x1b[{}m{}\x1b[0m", code, text);
}

std::string Terminal::ask(std::string_view question, bool hidden) const
{
    if (!interactive_) {
        return {};
    }
    std::fwrite(question.data(), 1, question.size(), err_);
    std::fflush(err_);
    std::string line;
    {
        const HiddenInput quiet{hidden};
        char c{};
        while (::read(STDIN_FILENO, &c, 1) == 1 && c != '\n') {
            line += c;
        }
    }
    if (hidden) {
        std::fputc('\n', err_);
    }
    return line;
}

void Terminal::table(
    const std::vector<std::string>& heading,
    const std::vector<std::vector<std::string>>& rows,
    std::string_view if_empty
) const
{
    if (rows.empty()) {
        note(if_empty);
        return;
    }
    std::vector<std::size_t> widths;
    for (std::size_t column = 0; column < heading.size(); ++column) {
        std::size_t widest = width(heading[column]);
        for (const auto& row : rows) {
            widest = std::max(widest, width(row.at(column)));
        }
        widths.push_back(widest);
    }
    const auto line_of = [&](const std::vector<std::string>& cells) {
        std::string line;
        for (std::size_t column = 0; column < cells.size(); ++column) {
            line += cells[column];
            if (column + 1 < cells.size()) {
                line.append(widths[column] - width(cells[column]) + 2, ' ');
            }
        }
        return line;
    };
    result(shaded(line_of(heading), Shade::dim));
    for (const auto& row : rows) {
        result(line_of(row));
    }
}

std::string harmless(std::string_view text, bool colours)
{
    std::string clean;
    bool coloured = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (const std::size_t length = colour_sequence(text.substr(i)); length > 0) {
            if (colours) {
                clean += text.substr(i, length);
                coloured = true;
            }
            i += length - 1;
            continue;
        }
        const auto byte = static_cast<unsigned char>(text[i]);
        const bool c1_control =
            byte == 0xC2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xA0;
        if (c1_control) {
            ++i;
        } else if (byte == '\n') {
            clean += ' ';
        } else if ((byte >= 0x20 && byte != 0x7F) || byte == '\t') {
            clean += text[i];
        }
    }
    return coloured ? clean + "\x1b[0m" : clean;
}

}  // namespace libra
