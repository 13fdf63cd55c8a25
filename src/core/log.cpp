#include "ping/core/log.hpp"

#include "core/log_line.hpp"

#include <spdlog/async_logger.h>
#include <spdlog/details/null_mutex.h>
#include <spdlog/details/thread_pool.h>
#include <spdlog/sinks/base_sink.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <unistd.h>

namespace ping::log {
namespace {

constexpr std::size_t queue_lines = 4096;
constexpr std::chrono::seconds flush_wait{2};
constexpr std::size_t most_bytes_at_once = 64 * 1024;
/// Lines that come so soon after others need not wake the logger's thread, and leave in one write.
constexpr std::chrono::milliseconds gather_for{2};

std::atomic<LogFormat> current_format{LogFormat::text};
std::atomic<LogLevel> current_level{LogLevel::warn};

/// Whole lines in one write, so that lines of two processes on one terminal do not mix. What a closed
/// standard error refuses is lost: there is nobody left to tell.
void write_whole(std::string_view lines) {
    while (!lines.empty()) {
        const auto written = ::write(STDERR_FILENO, lines.data(), lines.size());
        if (written < 0 && errno != EINTR) {
            return;
        }
        lines.remove_prefix(written > 0 ? static_cast<std::size_t>(written) : 0);
    }
}

/// Runs on the logger's thread alone. Says how many lines the full queue has dropped since it last said so.
class Sink final : public spdlog::sinks::base_sink<spdlog::details::null_mutex> {
public:
    void watch(spdlog::details::thread_pool& pool) { pool_ = &pool; }

    /// Waits until a flush that was asked for after this call began has been reached.
    template <class Ask>
    void wait_for_flush(const Ask& ask) {
        std::unique_lock lock(mutex_);
        const auto before = flushes_;
        ask();
        flushed_.wait_for(lock, flush_wait, [&] { return flushes_ != before; });
    }

private:
    void sink_it_(const spdlog::details::log_msg& message) override {
        lines_.append(message.payload.data(), message.payload.size()).push_back('\n');
        const auto dropped = pool_->overrun_counter();
        if (dropped != dropped_) {
            lines_ += format_line(current_format.load(), SystemClock().now(), LogLevel::warn, "log.dropped",
                                  {{"lines", dropped - dropped_}});
            lines_.push_back('\n');
            dropped_ = dropped;
        }
        if (pool_->queue_size() == 0 || lines_.size() >= most_bytes_at_once) {
            write_lines();
            std::this_thread::sleep_for(gather_for);
        }
    }
    void flush_() override {
        write_lines();
        {
            const std::scoped_lock lock(mutex_);
            ++flushes_;
        }
        flushed_.notify_all();
    }

    void write_lines() {
        write_whole(lines_);
        lines_.clear();
    }

    spdlog::details::thread_pool* pool_ = nullptr;
    std::string lines_;  ///< not written yet
    std::size_t dropped_ = 0;
    std::mutex mutex_;
    std::condition_variable flushed_;
    std::uint64_t flushes_ = 0;
};

struct Writer {
    Writer()
        : pool(std::make_shared<spdlog::details::thread_pool>(queue_lines, 1)),
          sink(std::make_shared<Sink>()),
          logger(std::make_shared<spdlog::async_logger>("pingd", sink, pool,
                                                        spdlog::async_overflow_policy::overrun_oldest)) {
        sink->watch(*pool);
        logger->set_level(spdlog::level::trace);
    }

    std::shared_ptr<spdlog::details::thread_pool> pool;
    std::shared_ptr<Sink> sink;
    std::shared_ptr<spdlog::async_logger> logger;
};

/// Made at the first line and never destroyed: other threads may still log while the process ends.
Writer& writer() {
    static auto* const instance = new Writer;
    return *instance;
}

}  // namespace

void write(LogLevel level, std::string_view event, Fields fields) {
    if (level < current_level.load(std::memory_order_relaxed)) {
        return;
    }
    const auto format = current_format.load(std::memory_order_relaxed);
    const auto line = format_line(format, SystemClock().now(), level, event, fields);
    writer().logger->log(spdlog::level::info, spdlog::string_view_t(line));
}

void configure(LogFormat format, LogLevel level) {
    current_format.store(format);
    current_level.store(level);
}

void flush() {
    auto& to = writer();
    to.sink->wait_for_flush([&] { to.logger->flush(); });
}

}  // namespace ping::log
