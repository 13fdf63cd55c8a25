#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/streambuf.hpp>

#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace bench {

/// Codes as the server's terminal shows them: lines of `... mail for ADDRESS: SUBJECT`, with the code as the
/// subject's first word, on this process's standard input. The server prints them in any case, so that
/// reading them there costs it nothing.
class CodeInbox {
public:
    explicit CodeInbox(boost::asio::io_context& context);

    /// Calls `then` with the code of the next mail to that address, now or when it comes.
    void take(const std::string& address, std::function<void(std::string_view)> then);

private:
    void read();
    void take_line(std::string_view line);

    boost::asio::posix::stream_descriptor input_;
    boost::asio::streambuf buffer_;
    std::unordered_map<std::string, std::string> arrived_;
    std::unordered_map<std::string, std::function<void(std::string_view)>> waiting_;
};

}  // namespace bench
