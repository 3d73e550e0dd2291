#include "shared/base/failpoint.hpp"

#ifdef LIBRA_FAILPOINTS
#include <charconv>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <sstream>
#include <string>
#include <thread>
#include <utility>
#include <vector>
#endif

namespace libra {

#ifdef LIBRA_FAILPOINTS

namespace {

struct Armed {
    std::string place{};
    int signal{};  // 0 is a pause
    std::chrono::milliseconds pause{};
    bool done{};
};

bool parse_pause(std::string_view text, std::chrono::milliseconds& pause)
{
    long long count = 0;
    const char* end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, count);
    pause = std::chrono::milliseconds{count};
    return error == std::errc{} && rest == end;
}

Armed parse_entry(const std::string& entry)
{
    constexpr std::string_view k_pause = "pause:";
    const std::size_t equals = entry.find('=');
    const std::string action = equals == std::string::npos ? "kill" : entry.substr(equals + 1);
    Armed armed{.place = entry.substr(0, equals)};
    if (action == "kill" || action == "stop") {
        armed.signal = action == "kill" ? SIGKILL : SIGSTOP;
    } else if (!action.starts_with(k_pause) ||
               !parse_pause(std::string_view{action}.substr(k_pause.size()), armed.pause)) {
        std::fputs(("LIBRA_FAILPOINT: no such action: " + entry + '\n').c_str(), stderr);
        std::abort();
    }
    return armed;
}

std::vector<Armed> read_list()
{
    // The environment does not change after start.
    const char* list = std::getenv("LIBRA_FAILPOINT");  // NOLINT(concurrency-mt-unsafe)
    std::istringstream entries{list == nullptr ? "" : list};
    std::vector<Armed> all;
    for (std::string entry; std::getline(entries, entry, ',');) {
        all.push_back(parse_entry(entry));
    }
    return all;
}

}  // namespace

void failpoint(std::string_view place)
{
    static std::mutex mutex;
    static std::vector<Armed> list = read_list();
    std::unique_lock lock{mutex};
    for (Armed& armed : list) {
        if (armed.place != place || std::exchange(armed.done, true)) {
            continue;
        }
        if (armed.signal != 0) {
            std::raise(armed.signal);
        } else {
            lock.unlock();  // for other threads at other places
            std::this_thread::sleep_for(armed.pause);
            lock.lock();
        }
    }
}

#else

void failpoint(std::string_view /*place*/) {}

#endif

}  // namespace libra
