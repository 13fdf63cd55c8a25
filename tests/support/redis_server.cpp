#include "support/redis_server.hpp"

#include <cstdlib>
#include <hiredis/hiredis.h>
#include <stdexcept>
#include <sys/time.h>
#include <unistd.h>

namespace ping::test {
namespace {

constexpr int databases = 1000;  // scripts/lib/services.sh: start_redis
constexpr timeval patience{10, 0};

struct Free {
    void operator()(redisContext* context) const { redisFree(context); }
    void operator()(redisReply* reply) const { freeReplyObject(reply); }
};
using ReplyPtr = std::unique_ptr<redisReply, Free>;

std::string text_of(const redisReply& reply) {
    return reply.type == REDIS_REPLY_INTEGER ? std::to_string(reply.integer)
                                             : std::string(reply.str, reply.len);
}

}  // namespace

struct RedisServer::Connection {
    explicit Connection(const redis::Options& options)
        : context(redisConnectWithTimeout(options.host.c_str(), std::stoi(options.port), patience)) {
        if (!context || context->err != 0) {
            throw std::runtime_error("no Redis at PINGD_TEST_REDIS_URL");
        }
        redisSetTimeout(context.get(), patience);
    }

    void send(const std::vector<std::string>& arguments) {
        std::vector<const char*> texts;
        std::vector<std::size_t> sizes;
        for (const auto& argument : arguments) {
            texts.push_back(argument.data());
            sizes.push_back(argument.size());
        }
        redisAppendCommandArgv(context.get(), static_cast<int>(texts.size()), texts.data(), sizes.data());
    }

    ReplyPtr read() {
        void* reply = nullptr;
        if (redisGetReply(context.get(), &reply) != REDIS_OK) {
            throw std::runtime_error(std::string("Redis: ") + context->errstr);
        }
        ReplyPtr owned(static_cast<redisReply*>(reply));
        if (owned->type == REDIS_REPLY_ERROR) {
            throw std::runtime_error("Redis: " + text_of(*owned));
        }
        return owned;
    }

    std::unique_ptr<redisContext, Free> context;
};

std::optional<std::string> redis_url() {
    const char* const url = std::getenv("PINGD_TEST_REDIS_URL");
    return url == nullptr ? std::nullopt : std::optional<std::string>(url);
}

RedisServer::RedisServer() {
    const auto url = redis_url();
    if (!url) {
        throw std::runtime_error("PINGD_TEST_REDIS_URL is not set");
    }
    options_ = *redis::parse_url(*url);
    options_.database = 1 + static_cast<int>(::getpid()) % (databases - 1);
    connection_ = std::make_unique<Connection>(options_);
    run({"SELECT", std::to_string(options_.database)});
    run({"FLUSHDB"});
}

RedisServer::~RedisServer() {
    connection_->send({"FLUSHDB"});
    void* ignored = nullptr;  // the next test flushes too
    if (redisGetReply(connection_->context.get(), &ignored) == REDIS_OK) {
        freeReplyObject(ignored);
    }
}

std::string RedisServer::url() const {
    return *redis_url() + "/" + std::to_string(options_.database);
}

std::vector<std::string> RedisServer::run(const std::vector<std::string>& arguments) {
    connection_->send(arguments);
    const auto reply = connection_->read();
    if (reply->type != REDIS_REPLY_ARRAY) {
        return {text_of(*reply)};
    }
    std::vector<std::string> lines;
    for (std::size_t i = 0; i < reply->elements; ++i) {
        lines.push_back(text_of(*reply->element[i]));
    }
    return lines;
}

RedisMonitor::RedisMonitor(RedisServer& server)
    : server_(server), connection_(std::make_unique<RedisServer::Connection>(server.options())) {
    connection_->send({"MONITOR"});
    connection_->read();
}

RedisMonitor::~RedisMonitor() = default;

std::vector<std::string> RedisMonitor::lines() {
    const auto mark = "mark " + std::to_string(++marks_);
    server_.run({"ECHO", mark});
    const auto ours = "[" + std::to_string(server_.options().database) + " ";
    std::vector<std::string> found;
    while (true) {
        auto line = text_of(*connection_->read());
        if (line.find(ours) == std::string::npos) {
            continue;
        }
        if (line.find(mark) != std::string::npos) {
            return found;
        }
        found.push_back(std::move(line));
    }
}

}  // namespace ping::test
