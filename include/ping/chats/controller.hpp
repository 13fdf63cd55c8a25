#pragma once

#include "ping/chats/service.hpp"
#include "ping/core/identity.hpp"
#include "ping/http/request.hpp"
#include "ping/http/response.hpp"
#include "ping/http/router.hpp"
#include "ping/realtime/event_router.hpp"
#include "ping/runtime/task.hpp"

#include <boost/json/value.hpp>

namespace ping::chats {

/// The routes of API.md §3 that concern chats. Loop thread.
class Controller {
public:
    explicit Controller(Service& service) : service_(service) {}

    Task<Result<http::Response>> create(http::Request& request);
    Task<Result<http::Response>> list(http::Request& request);
    Task<Result<http::Response>> send(http::Request& request);
    Task<Result<http::Response>> history(http::Request& request);
    Task<Result<http::Response>> mark_seen(http::Request& request);

private:
    Service& service_;
};

/// The events of API.md §4 that concern chats, from whatever socket. Loop thread.
class EventController {
public:
    explicit EventController(Service& service) : service_(service) {}

    Task<Result<boost::json::value>> send_message(Identity identity, boost::json::value data);
    Task<Result<boost::json::value>> seen(Identity identity, boost::json::value data);

private:
    Service& service_;
};

void mount_routes(http::Router& router, Controller& controller);
void mount_events(realtime::EventRouter& router, EventController& controller);

}  // namespace ping::chats
