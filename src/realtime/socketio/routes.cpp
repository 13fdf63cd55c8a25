#include "ping/realtime/socketio/routes.hpp"

namespace ping::realtime::socketio {

void mount_engine(http::Router& router, const std::string& path, Engine& engine) {
    http::RouteOptions options;
    options.auth = http::Auth::none;
    options.long_poll = true;
    options.admit = [&engine](http::Request& request, std::size_t& body_limit) {
        return engine.admit(request, body_limit);
    };
    const auto handle = [&engine](http::Request& request) { return engine.handle(request); };
    const auto accept = [&engine](http::Upgrade upgrade) {
        return engine.accept_upgrade(std::move(upgrade));
    };
    const auto admit_upgrade = [&engine](const http::Request& request) {
        return engine.admit_upgrade(request);
    };
    for (const auto& pattern : {path, path + "/"}) {
        // All methods: a wrong one gets the engine's own answer.
        using http::Method;
        for (const auto method : {Method::get, Method::post, Method::put, Method::patch, Method::del}) {
            router.add(method, pattern, options, handle);
        }
        router.add_upgrade(pattern, accept, admit_upgrade);
    }
}

}  // namespace ping::realtime::socketio
