#include "deploy-worker/process/line_splitter.hpp"

#include <algorithm>

namespace libra {

void LineSplitter::feed(std::string_view bytes)
{
    while (!bytes.empty()) {
        const std::size_t end = bytes.find('\n');
        take(bytes.substr(0, end));
        if (end == std::string_view::npos) {
            return;
        }
        end_line();
        bytes.remove_prefix(end + 1);
    }
}

void LineSplitter::finish()
{
    if (!pending_.empty()) {
        end_line();
    }
}

void LineSplitter::take(std::string_view bytes)
{
    while (!bytes.empty()) {
        if (pending_.size() == line_bytes_) {
            sink_.line(stream_, pending_);
            pending_.clear();
            continues_ = true;
        }
        const std::size_t room = std::min(line_bytes_ - pending_.size(), bytes.size());
        pending_ += bytes.substr(0, room);
        bytes.remove_prefix(room);
    }
}

void LineSplitter::end_line()
{
    if (pending_.ends_with('\r')) {
        pending_.pop_back();
    }
    if (!pending_.empty() || !continues_) {
        sink_.line(stream_, pending_);
    }
    pending_.clear();
    continues_ = false;
}

}  // namespace libra
