#pragma once

#include "ping/chats/service.hpp"
#include "ping/core/config.hpp"
#include "ping/http/form.hpp"
#include "ping/http/request.hpp"
#include "ping/http/response.hpp"
#include "ping/http/router.hpp"
#include "ping/media/service.hpp"
#include "ping/realtime/caller.hpp"
#include "ping/realtime/event_router.hpp"
#include "ping/runtime/task.hpp"

#include <boost/json/value.hpp>

#include <memory>
#include <optional>

namespace ping::chats {

/// The routes of API.md §3 that concern chats. Loop thread.
class Controller {
public:
    Controller(Service& service, media::Service& media) : service_(service), media_(media) {}

    Task<Result<http::Response>> create(http::Request& request);
    Task<Result<http::Response>> list(http::Request& request);
    Task<Result<http::Response>> send(http::Request& request);
    Task<Result<http::Response>> history(http::Request& request);
    Task<Result<http::Response>> mark_seen(http::Request& request);

private:
    Task<Result<SendRequest>> read_json(http::Request& request);
    Task<Result<SendRequest>> read_form(http::Request& request);
    Task<Result<std::shared_ptr<media::Upload>>> receive_image(UserId sender, std::optional<ChatId> chat,
                                                               http::FormReader& form);

    Service& service_;
    media::Service& media_;
};

/// The events of API.md §4 that concern chats, from whatever socket. Loop thread.
class EventController {
public:
    explicit EventController(Service& service) : service_(service) {}

    Task<Result<boost::json::value>> send_message(realtime::Caller caller, boost::json::value data);
    Task<Result<boost::json::value>> seen(realtime::Caller caller, boost::json::value data);
    Task<Result<boost::json::value>> delivered(realtime::Caller caller, boost::json::value data);

private:
    Service& service_;
};

void mount_routes(http::Router& router, Controller& controller, const Config::Limits& limits);
void mount_events(realtime::EventRouter& router, EventController& controller);

}  // namespace ping::chats
