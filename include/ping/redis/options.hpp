#pragma once

#include "ping/core/error.hpp"

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

namespace ping::redis {

struct Options {
    std::string host;
    std::string port = "6379";
    std::string user;      ///< empty: Redis' own `default`
    std::string password;  ///< empty: no AUTH
    int database = 0;
    bool is_tls = false;
    std::string ca_file;         ///< PEM file of extra trusted roots for TLS; empty: the system's alone
    std::string name = "pingd";  ///< what CLIENT LIST shows

    /// How long a command may take. One that takes longer ends the connection, since the replies come in
    /// order.
    std::chrono::milliseconds command_timeout{700};
    /// For looking up the host, connecting and TLS together.
    std::chrono::milliseconds connect_timeout{2000};
    /// A connection that has been silent for so long is asked with PING whether it lives.
    std::chrono::milliseconds idle_after{5000};
    /// Between two tries: doubled from the first to the last, each cut by up to half at random.
    std::chrono::milliseconds first_delay{50};
    std::chrono::milliseconds last_delay{500};
    std::size_t most_pending = 10'000;                ///< commands on their way
    std::size_t most_unsent_bytes = 8 * 1024 * 1024;  ///< commands that the socket has not taken yet
};

/// `redis://[[user]:password@]host[:port][/database]`, or `rediss://` for TLS; special characters are
/// percent-encoded. invalid, with a message that goes behind the setting's name ("must be ...") and does not
/// show the URL, which may hold a password.
Result<Options> parse_url(std::string_view url);

}  // namespace ping::redis
