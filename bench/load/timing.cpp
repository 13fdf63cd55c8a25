#include "timing.hpp"

#include "auc.hpp"

#include <algorithm>
#include <fstream>
#include <random>
#include <stdexcept>

namespace bench {
namespace {

/// `text` without the value that follows `name`, up to `end`.
std::string without(std::string text, std::string_view name, char end) {
    const auto start = text.find(name);
    if (start == std::string::npos) {
        throw std::runtime_error("an answer without " + std::string(name));
    }
    const auto value = start + name.size();
    return text.erase(value, text.find(end, value) - value);
}

double median(std::vector<double> values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::ranges::nth_element(values, middle);
    return *middle;
}

}  // namespace

Timing::Timing(boost::asio::io_context& context, const boost::asio::ip::tcp::endpoint& server,
               const std::filesystem::path& guesses)
    : context_(context), client_(context, server) {
    std::ifstream lines(guesses);
    for (std::string word, kind, address, flow; lines >> word >> kind >> address >> flow;) {
        const auto* const found = std::ranges::find(kinds, kind);
        if (found == kinds.end()) {
            throw std::runtime_error("a guess of an unknown kind: " + kind);
        }
        guesses_.push_back({static_cast<std::size_t>(found - kinds.begin()),
                            R"({"email":")" + address + R"(","otp":"123456","flowId":")" + flow + R"("})"});
    }
    if (guesses_.empty()) {
        throw std::runtime_error("cannot read the guesses in " + guesses.string());
    }
    std::ranges::shuffle(guesses_, std::mt19937_64(1));
}

void Timing::start() {
    client_.connect([this] { send(0); });
}

void Timing::send(std::size_t index) {
    if (index == guesses_.size()) {
        context_.stop();
        return;
    }
    const auto request = client_.make_request("POST", "/api/v1/verify", "", guesses_[index].json);
    client_.send(request, [this, index, sent_at = Clock::now()](const HttpAnswer& answer) {
        microseconds_.at(guesses_[index].kind).push_back(seconds(Clock::now() - sent_at) * 1e6);
        expect_status(answer, 400);
        compare(answer);
        send(index + 1);
    });
}

void Timing::compare(const HttpAnswer& answer) {
    auto head = without(std::string(answer.head), "\r\nX-Request-Id: ", '\r');
    head = without(std::move(head), "\r\nDate: ", '\r');
    const auto whole = head + without(std::string(answer.body), R"("requestId":")", '"');
    if (first_answer_.empty()) {
        first_answer_ = whole;
    } else if (first_answer_ != whole) {
        throw std::runtime_error("two wrong guesses were answered differently:\n" + first_answer_ + "\n" +
                                 whole);
    }
}

Report Timing::report() const {
    Report report;
    double auc = 0.5;
    for (std::size_t kind = 0; kind < kinds.size(); ++kind) {
        report.add(std::string(kinds.at(kind)) + "_us", median(microseconds_.at(kind)));
        for (std::size_t other = kind + 1; other < kinds.size(); ++other) {
            auc = std::max(auc, distinguisher_auc(microseconds_.at(kind), microseconds_.at(other)));
        }
    }
    report.add("auc", auc);
    report.add("samples_each", static_cast<double>(microseconds_.front().size()));
    return report;
}

}  // namespace bench
