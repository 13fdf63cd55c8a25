#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace ping {

/// The one executor type of Ping: naming it keeps Asio's type-erased executor out of the hot path and the
/// build.
using Executor = boost::asio::io_context::executor_type;

/// A coroutine on the event loop. It starts when awaited or spawned (TaskGroup); it takes its arguments by
/// value unless its caller awaits it directly.
template <class T = void>
using Task = boost::asio::awaitable<T, Executor>;

/// How every asynchronous operation is awaited: errors come back as values, never as exceptions.
/// In a statement with `co_await` pass only names, plain calls and scalars (docs/contributing.md says why).
inline constexpr auto use_task = boost::asio::as_tuple(boost::asio::use_awaitable_t<Executor>());

}  // namespace ping
