#pragma once

#include <string_view>

/// @file Places where a test can make a process die, stop or be slow. Debug builds only: in a
/// release it does nothing, whatever the environment says.

namespace libra {

/// Does what LIBRA_FAILPOINT says about this place. It is a list, `PLACE[=ACTION],…`, of
///
///     kill                the default: the process dies at once, as of `kill -9`
///     stop                the process stops, until SIGCONT; once
///     pause:MILLISECONDS  the thread waits; once
///
/// Ends the process with SIGABRT if the list is malformed. Thread-safe.
void failpoint(std::string_view place);

}  // namespace libra
