#include "ping/images/worker.hpp"

#include "images/answer.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <optional>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>
#include <utility>
#include <vector>

namespace ping::images {
namespace {

using RealClock = std::chrono::steady_clock;

// Above all that the child is given, so that giving one never overwrites another.
constexpr int first_free = 10;
constexpr int last_given = 4;

/// A descriptor, closed with this object.
class Owned {
public:
    explicit Owned(int number) : number_(number) {}
    Owned(Owned&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
    Owned(const Owned&) = delete;
    Owned& operator=(const Owned&) = delete;
    Owned& operator=(Owned&&) = delete;
    ~Owned() { close(); }
    void close() {
        if (number_ >= 0) {
            ::close(std::exchange(number_, -1));
        }
    }
    int number() const { return number_; }

private:
    int number_;
};

Error cannot_start(int reason) {
    return errors::unavailable("The server is busy")
        .with_detail("image worker: " + std::generic_category().message(reason));
}

/// How the child begins: with these descriptors and no others, usual signals, a process group of its own, so
/// that Ctrl-C in a terminal is the server's alone.
class Start {
public:
    Start() {
        ::posix_spawn_file_actions_init(&actions_);
        ::posix_spawnattr_init(&attributes_);
    }
    ~Start() {
        ::posix_spawn_file_actions_destroy(&actions_);
        ::posix_spawnattr_destroy(&attributes_);
    }
    Start(const Start&) = delete;
    Start& operator=(const Start&) = delete;

    int give(int own, int childs) { return ::posix_spawn_file_actions_adddup2(&actions_, own, childs); }
    /// The pid, or the negative reason why there is none.
    pid_t run(const std::string& program) {
        sigset_t none;
        sigset_t all;
        ::sigemptyset(&none);
        ::sigfillset(&all);
        ::posix_spawnattr_setsigmask(&attributes_, &none);
        ::posix_spawnattr_setsigdefault(&attributes_, &all);
        ::posix_spawnattr_setflags(&attributes_,
                                   POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
        int failed = ::posix_spawn_file_actions_addclosefrom_np(&actions_, last_given + 1);
        std::string name = "pingd";
        std::string command = "image-worker";
        const std::array<char*, 3> arguments{name.data(), command.data(), nullptr};
        const std::array<char*, 1> environment{nullptr};  // the server's may hold its secret
        pid_t pid = 0;
        failed = failed != 0 ? failed
                             : ::posix_spawn(&pid, program.c_str(), &actions_, &attributes_, arguments.data(),
                                             environment.data());
        return failed == 0 ? pid : -failed;
    }

private:
    posix_spawn_file_actions_t actions_{};
    posix_spawnattr_t attributes_{};
};

/// The child's one line. Nothing: it took too long.
std::optional<std::string> read_line(int pipe, RealClock::time_point deadline) {
    std::string line;
    while (line.size() < answer_at_most && !line.ends_with('\n')) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - RealClock::now());
        pollfd wait{pipe, POLLIN, 0};
        const int ready = left.count() > 0 ? ::poll(&wait, 1, static_cast<int>(left.count())) : 0;
        if (ready == 0) {
            return std::nullopt;
        }
        std::array<char, answer_at_most> bytes{};
        const auto count = ready < 0 ? -1 : ::read(pipe, bytes.data(), bytes.size());
        if (count == 0 || (count < 0 && errno != EINTR)) {
            break;
        }
        line.append(bytes.data(), count < 0 ? 0 : static_cast<std::size_t>(count));
    }
    return line;
}

}  // namespace

Result<Picture> run_worker(const WorkerOptions& options, const WorkerFiles& files) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
        return cannot_start(errno);
    }
    const Owned reading(ends[0]);
    Owned writing(ends[1]);
    Start start;
    std::vector<Owned> lent;
    for (const auto& [own, childs] : {std::pair(files.file, 0), std::pair(writing.number(), 1),
                                      std::pair(files.picture, 3), std::pair(files.thumbnail, last_given)}) {
        lent.emplace_back(::fcntl(own, F_DUPFD_CLOEXEC, first_free));
        if (lent.back().number() < 0) {
            return cannot_start(errno);
        }
        start.give(lent.back().number(), childs);
    }
    const auto deadline = RealClock::now() + options.deadline;
    const pid_t pid = start.run(options.program);
    if (pid < 0) {
        return cannot_start(-pid);
    }
    lent.clear();
    writing.close();
    const auto line = read_line(reading.number(), deadline);
    // It has said all it has to say, whether it ends by itself or not.
    ::kill(pid, SIGKILL);
    int status = 0;
    while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    if (!line) {
        return errors::unavailable("The server is busy").with_detail("image worker: no answer in time");
    }
    return read_answer(*line);
}

}  // namespace ping::images
