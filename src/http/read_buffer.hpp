#pragma once

#include <boost/asio/buffer.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace ping::http {

/// Received bytes that are not used up yet.
class ReadBuffer {
public:
    std::string_view view() const { return std::string_view(bytes_).substr(begin_, end_ - begin_); }
    bool empty() const { return begin_ == end_; }

    /// Room for `size` more bytes. Invalidates views.
    boost::asio::mutable_buffer prepare(std::size_t size) {
        bytes_.erase(0, begin_);
        end_ -= begin_;
        begin_ = 0;
        bytes_.resize(end_ + size);
        return boost::asio::buffer(bytes_.data() + end_, size);
    }
    /// `size` bytes of the prepared room have been filled.
    void commit(std::size_t size) { end_ += size; }
    void consume(std::size_t size) { begin_ += size; }
    /// Gives memory back once everything is used up.
    void release_if_empty() {
        if (empty()) {
            *this = ReadBuffer();
        }
    }

private:
    std::string bytes_;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
};

}  // namespace ping::http
