#include "ping/chats/controller.hpp"
#include "ping/chats/live_controller.hpp"

namespace ping::chats {

namespace {

// What a form has beside its file: boundaries, heads and texts.
constexpr std::size_t form_framing = 64UL * 1024;

/// Forms may be as long as an image, JSON no longer than anywhere.
http::RouteOptions message_options(const Config::Limits& limits) {
    http::RouteOptions options;
    options.streams_body = true;
    options.body_limit = limits.json_bytes;
    options.admit = [form_limit = limits.upload_bytes + form_framing](
                        http::Request& request, std::size_t& body_limit) -> std::optional<http::Response> {
        if (http::is_form(request)) {
            body_limit = form_limit;
        }
        return std::nullopt;
    };
    return options;
}

}  // namespace

void mount_routes(http::Router& router, Controller& controller, const Config::Limits& limits) {
    using http::Method;
    const http::RouteOptions closed{.auth = http::Auth::required};
    router.add(Method::post, "/api/v1/chat/new", closed,
               [&](http::Request& request) { return controller.create(request); });
    router.add(Method::get, "/api/v1/chat/all", closed,
               [&](http::Request& request) { return controller.list(request); });
    router.add(Method::post, "/api/v1/message", message_options(limits),
               [&](http::Request& request) { return controller.send(request); });
    router.add(Method::get, "/api/v1/message/:chatId", closed,
               [&](http::Request& request) { return controller.history(request); });
    router.add(Method::post, "/api/v1/chat/:chatId/seen", closed,
               [&](http::Request& request) { return controller.mark_seen(request); });
}

void mount_events(realtime::EventRouter& router, EventController& controller) {
    router.add("sendMessage", [&](realtime::Caller caller, boost::json::value data) {
        return controller.send_message(caller, std::move(data));
    });
    router.add("seen", [&](realtime::Caller caller, boost::json::value data) {
        return controller.seen(caller, std::move(data));
    });
    router.add("delivered", [&](realtime::Caller caller, boost::json::value data) {
        return controller.delivered(caller, std::move(data));
    });
}

void mount_live_events(realtime::EventRouter& router, LiveController& controller) {
    using Answer = Task<Result<boost::json::value>>;
    const auto add = [&](std::string name,
                         Answer (LiveController::*handle)(realtime::Caller, boost::json::value)) {
        router.add(std::move(name), [&controller, handle](realtime::Caller caller, boost::json::value data) {
            return (controller.*handle)(caller, std::move(data));
        });
    };
    add("joinChat", &LiveController::join_chat);
    add("leaveChat", &LiveController::leave_chat);
    add("visibility", &LiveController::visibility);
    add("typing", &LiveController::typing);
    add("stopTyping", &LiveController::stop_typing);
}

}  // namespace ping::chats
