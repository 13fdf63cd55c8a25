#pragma once

#include "ping/core/clock.hpp"
#include "ping/core/id.hpp"
#include "ping/runtime/async_event.hpp"
#include "ping/runtime/loop.hpp"
#include "ping/runtime/task.hpp"
#include "ping/storage/session_store.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <unordered_map>

namespace ping::auth {

/// When sessions were last heard of. Requests and sockets only note it here; what was noted is written every
/// five minutes and at the stop, so a request costs no write, and a crash makes a session look five minutes
/// staler at most (one with an open socket: as of its opening). Loop thread.
class SessionActivity {
public:
    static constexpr std::chrono::minutes interval{5};
    static constexpr std::size_t most_noted = 20'000;  ///< then it is written sooner

    SessionActivity(storage::SessionStore& store, Loop& loop) : store_(store), loop_(loop), wake_(loop) {}

    /// The session made a request.
    void note(SessionId session);
    /// A socket of the session opened, and closed.
    void connected(SessionId session);
    void disconnected(SessionId session);
    /// Now where a socket is open, else when it was noted; nothing when the store knows best.
    std::optional<Time> last_seen(SessionId session) const;

    /// Writes what was noted, until `stop`, and then what is left.
    Task<> run();
    void stop();

private:
    Task<> write();

    storage::SessionStore& store_;
    Loop& loop_;
    AsyncEvent wake_;
    bool is_stopping_ = false;
    std::unordered_map<SessionId, Time> noted_;
    std::unordered_map<SessionId, Time> being_written_;
    std::unordered_map<SessionId, int> sockets_;
};

}  // namespace ping::auth
