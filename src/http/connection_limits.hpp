#pragma once

#include "http/network.hpp"
#include "ping/http/upgrade.hpp"

#include <cstddef>
#include <memory>

namespace ping::http {

/// Counts what is open, of all and per address (per /64 for IPv6), and says no at the bound. A slot may
/// outlive this object. Loop thread.
class ConnectionLimits {
public:
    /// `per_address` 0: no limit per address.
    ConnectionLimits(int of_all, int per_address);

    /// A place among all; null when there is none.
    ConnectionSlot take_place();
    /// A place of this address; null when it has none left. Never null when the limit is off.
    ConnectionSlot take_place_of(const Address& address);
    int open() const;

    /// `configured`, or less where the process may not open as many files: some stay free for the database,
    /// the logs and outgoing connections.
    static int below_file_limit(int configured);

private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace ping::http
