#include "support/api_documents.hpp"

#include <boost/json/parse.hpp>

#include <algorithm>
#include <fstream>
#include <iterator>

namespace ping::test {
namespace {

schema::Library read_documents() {
    schema::Library library;
    for (const std::string name : {"openapi.json", "asyncapi.json"}) {
        std::ifstream file(std::string(PING_API_DIR) + "/" + name, std::ios::binary);
        const std::string text{std::istreambuf_iterator<char>(file), {}};
        library.add(name, boost::json::parse(text));
    }
    return library;
}

std::string join(const std::string& subject, const std::vector<std::string>& complaints) {
    auto text = subject + " is not as described in config/api:";
    for (const auto& complaint : complaints) {
        text += "\n  " + complaint;
    }
    return text;
}

}  // namespace

const schema::Library& api_documents() {
    static const schema::Library library = read_documents();
    return library;
}

Undescribed::Undescribed(const std::string& subject, const std::vector<std::string>& complaints)
    : std::runtime_error(join(subject, complaints)) {}

void require_described(const std::string& subject, const std::vector<std::string>& complaints) {
    if (!complaints.empty()) {
        throw Undescribed(subject, complaints);
    }
}

bool lists(const schema::Node& node, std::string_view key, std::string_view text) {
    const auto* const values = node.has(key) ? node.at(key).value().if_array() : nullptr;
    return values != nullptr && std::any_of(values->begin(), values->end(),
                                            [&](const auto& one) { return one.as_string() == text; });
}

}  // namespace ping::test
