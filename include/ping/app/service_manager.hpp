#pragma once

#include <string_view>

namespace ping::app {

/// Tells systemd a state (`READY=1`, `STOPPING=1`) as sd_notify(3) does: one datagram to the socket named by
/// NOTIFY_SOCKET. Does nothing when there is none. A failure is logged; it changes nothing for us.
void notify_service_manager(std::string_view state);

}  // namespace ping::app
