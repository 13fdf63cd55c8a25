#include "code_inbox.hpp"

#include <boost/asio/read_until.hpp>

#include <istream>
#include <stdexcept>
#include <unistd.h>
#include <utility>

namespace bench {
namespace {

constexpr std::string_view opening = "mail for ";

}  // namespace

CodeInbox::CodeInbox(boost::asio::io_context& context) : input_(context, ::dup(STDIN_FILENO)) {
    read();
}

void CodeInbox::read() {
    boost::asio::async_read_until(
        input_, buffer_, '\n', [this](const boost::system::error_code& error, std::size_t) {
            if (error) {
                throw std::runtime_error("the server's output ended: " + error.message());
            }
            std::istream lines(&buffer_);
            std::string line;
            std::getline(lines, line);
            take_line(line);
            read();
        });
}

void CodeInbox::take_line(std::string_view line) {
    const auto start = line.find(opening);
    const auto colon = line.find(": ", start);
    if (start == std::string_view::npos || colon == std::string_view::npos) {
        return;  // what a server says at its start
    }
    const auto address_start = start + opening.size();
    const std::string address(line.substr(address_start, colon - address_start));
    const auto subject = line.substr(colon + 2);
    const auto code = subject.substr(0, subject.find(' '));
    const auto waiting = waiting_.find(address);
    if (waiting == waiting_.end()) {
        arrived_[address] = code;
        return;
    }
    const auto then = std::move(waiting->second);
    waiting_.erase(waiting);
    then(code);
}

void CodeInbox::take(const std::string& address, std::function<void(std::string_view)> then) {
    const auto arrived = arrived_.find(address);
    if (arrived == arrived_.end()) {
        waiting_.emplace(address, std::move(then));
        return;
    }
    const auto code = std::move(arrived->second);
    arrived_.erase(arrived);
    then(code);
}

}  // namespace bench
