#include "ping/realtime/event_router.hpp"

#include "ping/core/log.hpp"

#include <exception>
#include <utility>

namespace ping::realtime {

Task<Result<boost::json::value>> answer_event(std::string_view event, const EventHandler& handler,
                                              Caller caller, boost::json::value data) {
    Result<boost::json::value> answer = errors::internal("no answer");
    try {
        answer = co_await handler(caller, std::move(data));
    } catch (const std::exception& failure) {
        answer = errors::internal(std::string("exception: ") + failure.what());
    } catch (...) {
        answer = errors::internal("exception: not a std::exception");
    }
    if (!answer && is_server_fault(answer.error().code)) {
        const auto& error = answer.error();
        log::error("socket.event", {{"event", event},
                                    {"code", error.slug},
                                    {"detail", error.detail},
                                    {"file", error.where.file_name()},
                                    {"line", error.where.line()}});
    }
    co_return answer;
}

}  // namespace ping::realtime
