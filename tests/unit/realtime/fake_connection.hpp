#pragma once

#include "ping/realtime/connection.hpp"

#include <boost/json/value.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace ping::test {

template <class Id>
Id numbered(std::uint8_t number) {
    return Id(IdBytes{number});
}

/// A connection that writes down what it is given.
class FakeConnection final : public realtime::Connection {
public:
    FakeConnection(std::uint8_t user, std::uint8_t session,
                   realtime::WireFormat format = realtime::WireFormat::native)
        : FakeConnection(numbered<UserId>(user), numbered<SessionId>(session), format) {}
    FakeConnection(UserId user, SessionId session, realtime::WireFormat format = realtime::WireFormat::native)
        : identity_{user, session, Time::max()}, format_(format) {}
    const Identity& identity() const override { return identity_; }
    realtime::WireFormat format() const override { return format_; }
    void deliver(realtime::OutgoingEvent& event) override {
        events.emplace_back(event.name());
        bytes += event.frame(format_)->size();
        if (keeps_data) {
            data.push_back(event.data());
        }
    }
    void close(realtime::CloseReason reason) override { closed.push_back(reason); }

    std::vector<std::string> events;
    std::vector<boost::json::value> data;  ///< of the events
    std::size_t bytes = 0;                 ///< of the events, as they would go over the wire
    bool keeps_data = true;
    std::vector<realtime::CloseReason> closed;

private:
    Identity identity_;
    realtime::WireFormat format_;
};

}  // namespace ping::test
