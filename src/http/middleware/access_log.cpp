#include "http/middleware/access_log.hpp"

#include "ping/core/log.hpp"

namespace ping::http {

void write_access_log(const Request& request, std::string_view method, std::string_view route, int status,
                      std::chrono::nanoseconds duration) {
    const auto client = request.client.to_string();
    log::info("http.request", {{"method", method},
                               {"status", status},
                               {"ms", std::chrono::duration<double, std::milli>(duration).count()},
                               {"client", client},
                               {"request", request.id},
                               {"route", route}});
}

}  // namespace ping::http
