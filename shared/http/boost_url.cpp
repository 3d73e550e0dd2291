// Debian ships Boost.URL 1.81 as headers; this is the one place that compiles its functions.
#include <boost/url/src.hpp>
