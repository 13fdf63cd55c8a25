#pragma once

#include "dialect.hpp"
#include "population.hpp"
#include "ws_client.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace bench {

struct CrowdOptions {
    boost::asio::ip::tcp::endpoint server;
    Dialect dialect = Dialect::native;
    std::size_t connections = 0;
    /// How many connections share a chat: those of two members that follow each other in the population. Only
    /// with `joins`.
    std::size_t per_chat = 2;
    /// Whether each joins its chat: the peers know no members, they deliver to whoever joined.
    bool joins = false;
};

class CrowdUser {
public:
    /// Everyone is connected, known to the server and in the chat.
    virtual void on_all_ready() = 0;
    /// A text that came to the connection `index`; heartbeats and greetings do not show.
    virtual void on_text(std::size_t index, std::string_view text) = 0;

protected:
    ~CrowdUser() = default;
};

/// Many sockets of one kind. Connection i belongs to account i of the population, modulo its size.
class Crowd {
public:
    Crowd(boost::asio::io_context& context, CrowdOptions options, const Population& population,
          CrowdUser& user);
    ~Crowd();
    Crowd(const Crowd&) = delete;
    Crowd& operator=(const Crowd&) = delete;

    /// Opens them, at most 100 at a time: a listen queue is short. Then `on_all_ready`.
    void open() { open_up_to(options_.connections); }
    /// Likewise, but the first `count` only; may be called again for more.
    void open_up_to(std::size_t count);
    void send(std::size_t index, std::string_view name, std::string_view json, std::uint64_t ack);
    const Population::Chat& chat_of(std::size_t index) const;
    std::size_t size() const { return options_.connections; }

private:
    class Member;
    void open_next();
    void on_member_ready();

    boost::asio::io_context& context_;
    const CrowdOptions options_;
    const Population& population_;
    CrowdUser& user_;
    std::vector<std::unique_ptr<Member>> members_;
    std::size_t wanted_ = 0;
    std::size_t ready_ = 0;
};

}  // namespace bench
