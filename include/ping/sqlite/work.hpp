#pragma once

#include "ping/core/error.hpp"
#include "ping/sqlite/statement.hpp"

#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace ping::sqlite {

/// A job on its way through a database thread, with the place for its result. Used by Database alone.
class Work {
public:
    enum class FinishOn { loop, database_thread };

    explicit Work(FinishOn place) : finish_on_(place) {}
    virtual ~Work() = default;
    Work(const Work&) = delete;
    Work& operator=(const Work&) = delete;

    /// Runs the job and keeps its result. False: the job failed and is to be rolled back. May throw.
    virtual bool run(Connection& connection) = 0;
    /// Puts an error in the place of the result.
    virtual void fail(const Error& error) = 0;
    /// Hands the result to whoever waits. Once, on the thread that `finish_on` names.
    virtual void finish() = 0;

    FinishOn finish_on() const { return finish_on_; }

private:
    FinishOn finish_on_;
};

using Works = std::vector<std::unique_ptr<Work>>;

template <class R>
class TypedWork : public Work {
public:
    TypedWork(FinishOn place, std::function<Result<R>(Connection&)> job)
        : Work(place), job_(std::move(job)) {}
    bool run(Connection& connection) override {
        result_.emplace(job_(connection));
        return result_->has_value();
    }
    void fail(const Error& error) override { result_.emplace(error); }

protected:
    std::optional<Result<R>> result_;

private:
    std::function<Result<R>(Connection&)> job_;
};

/// Resumes a coroutine on the loop. Owned by one thread after the other; what it holds dies on the loop.
template <class R, class Handler>
class AwaitedWork final : public TypedWork<R> {
public:
    AwaitedWork(std::function<Result<R>(Connection&)> job, Handler handler)
        : TypedWork<R>(Work::FinishOn::loop, std::move(job)), handler_(std::move(handler)) {}
    void finish() override { std::move(handler_)(std::move(*this->result_)); }

private:
    Handler handler_;
};

/// Wakes a thread that waits.
template <class R>
class BlockingWork final : public TypedWork<R> {
public:
    explicit BlockingWork(std::function<Result<R>(Connection&)> job)
        : TypedWork<R>(Work::FinishOn::database_thread, std::move(job)) {}
    void finish() override { promise_.set_value(std::move(*this->result_)); }
    std::future<Result<R>> future() { return promise_.get_future(); }

private:
    std::promise<Result<R>> promise_;
};

}  // namespace ping::sqlite
