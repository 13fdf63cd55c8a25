#pragma once

#include "ping/bus/event_bus.hpp"

namespace ping::bus::local {

/// The bus of a single process: an event is delivered within `publish`.
class LocalEventBus final : public EventBus {
public:
    void publish(Event event) override {
        if (sink_) {
            sink_(event);
        }
    }
    void subscribe(std::function<void(const Event&)> sink) override { sink_ = std::move(sink); }

private:
    std::function<void(const Event&)> sink_;
};

}  // namespace ping::bus::local
