#pragma once

#include "ping/core/clock.hpp"
#include "ping/http/request.hpp"
#include "ping/http/response.hpp"
#include "ping/http/router.hpp"
#include "ping/mail/dev_mailbox.hpp"
#include "ping/runtime/task.hpp"

namespace ping::app {

/// The mailbox of development as a page (`/dev/mailbox`) and as JSON (`/dev/mailbox.json`). Whoever reads it
/// can log in as anyone, so it answers only to this machine: a loopback peer, a loopback Host (a page
/// elsewhere may have pointed its own name at 127.0.0.1) and no sign of a proxy; 404 for all others. Mounted
/// in development only. Loop thread.
class Mailbox {
public:
    Mailbox(const mail::DevMailbox& mailbox, const Clock& clock) : mailbox_(mailbox), clock_(clock) {}

    Task<Result<http::Response>> json(http::Request& request);
    Task<Result<http::Response>> page(http::Request& request);
    Task<Result<http::Response>> style(http::Request& request);

private:
    const mail::DevMailbox& mailbox_;
    const Clock& clock_;
};

void mount_mailbox(http::Router& router, Mailbox& controller);

}  // namespace ping::app
