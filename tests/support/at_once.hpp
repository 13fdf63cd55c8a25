#pragma once

#include "support/api_description.hpp"
#include "support/raw_client.hpp"

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace ping::test {

/// A whole request with a JSON body (none when it is null), for RawClient; the connection is closed after it.
inline std::string request_text(const std::string& method, const std::string& target,
                                const boost::json::value& body = nullptr,
                                const std::map<std::string, std::string>& headers = {}) {
    const auto text = body.is_null() ? std::string() : boost::json::serialize(body);
    std::string request = method + " " + target + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n";
    for (const auto& [name, value] : headers) {
        request += name + ": " + value + "\r\n";
    }
    return request + "Content-Type: application/json\r\nContent-Length: " + std::to_string(text.size()) +
           "\r\n\r\n" + text;
}

/// Sends each request on a connection of its own, all of them at once: everybody's last byte goes out when
/// all the rest has arrived. The answers in the order of the requests, each as config/api describes it;
/// status 0 where none came.
inline std::vector<RawAnswer> send_at_once(const std::string& address,
                                           const std::vector<std::string>& requests) {
    RawClient::Options options;
    options.patience_ms = 60'000;  // a slow machine has much to do at once
    std::vector<RawClient> clients;
    clients.reserve(requests.size());
    for (const auto& request : requests) {
        clients.emplace_back(address, options);
        clients.back().send(std::string_view(request).substr(0, request.size() - 1));
    }
    for (std::size_t i = 0; i < requests.size(); ++i) {
        clients[i].send(std::string_view(requests[i]).substr(requests[i].size() - 1));
    }
    std::vector<RawAnswer> answers;
    for (std::size_t i = 0; i < requests.size(); ++i) {
        auto& answer = answers.emplace_back(clients[i].read_answer().value_or(RawAnswer()));
        if (answer.status != 0) {
            check_described(requests[i], answer);
        }
    }
    return answers;
}

/// How many answers have this status.
inline int count_status(const std::vector<RawAnswer>& answers, int status) {
    int count = 0;
    for (const auto& answer : answers) {
        count += answer.status == status ? 1 : 0;
    }
    return count;
}

}  // namespace ping::test
