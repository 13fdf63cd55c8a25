#include "fanout.hpp"

#include "message_text.hpp"

#include <stdexcept>

namespace bench {

Fanout::Fanout(boost::asio::io_context& context, const CrowdOptions& crowd, const Population& population,
               std::size_t in_flight, std::size_t text_bytes, Measurement& measurement)
    : crowd_(context, crowd, population, *this),
      flights_(in_flight),
      text_bytes_(text_bytes),
      measurement_(measurement),
      dialect_(crowd.dialect) {
    if (in_flight > crowd.connections) {
        throw std::runtime_error("more messages in flight than connections to send them");
    }
}

void Fanout::on_all_ready() {
    measurement_.start();
    for (std::size_t slot = 0; slot < flights_.size(); ++slot) {
        send(slot);
    }
}

void Fanout::send(std::size_t slot) {
    auto& flight = flights_[slot];
    ++flight.round;
    flight.arrived = 0;
    flight.sent_at = Clock::now();
    const auto text = write_marked_text({slot, flight.round}, text_bytes_);
    crowd_.send(slot, "sendMessage", message_json(crowd_.chat_of(slot).id, text), flight.round);
}

void Fanout::on_text(std::size_t, std::string_view text) {
    if (is_answer(dialect_, text)) {
        return;
    }
    const auto mark = find_mark(text);
    if (!mark) {
        return;  // presence and the like
    }
    auto& flight = flights_.at(mark->slot);
    if (mark->round != flight.round) {
        throw std::runtime_error("a message came twice, or to more connections than there are");
    }
    event_bytes_ = text.size();
    measurement_.done(Clock::now() - flight.sent_at);
    if (++flight.arrived == crowd_.size()) {
        send(mark->slot);
    }
}

}  // namespace bench
