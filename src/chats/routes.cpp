#include "ping/chats/controller.hpp"

namespace ping::chats {

void mount_routes(http::Router& router, Controller& controller) {
    using http::Method;
    const http::RouteOptions closed{.auth = http::Auth::required};
    router.add(Method::post, "/api/v1/chat/new", closed,
               [&](http::Request& request) { return controller.create(request); });
    router.add(Method::get, "/api/v1/chat/all", closed,
               [&](http::Request& request) { return controller.list(request); });
    router.add(Method::post, "/api/v1/message", closed,
               [&](http::Request& request) { return controller.send(request); });
    router.add(Method::get, "/api/v1/message/:chatId", closed,
               [&](http::Request& request) { return controller.history(request); });
    router.add(Method::post, "/api/v1/chat/:chatId/seen", closed,
               [&](http::Request& request) { return controller.mark_seen(request); });
}

void mount_events(realtime::EventRouter& router, EventController& controller) {
    router.add("sendMessage", [&](Identity identity, boost::json::value data) {
        return controller.send_message(identity, std::move(data));
    });
    router.add("seen", [&](Identity identity, boost::json::value data) {
        return controller.seen(identity, std::move(data));
    });
}

}  // namespace ping::chats
