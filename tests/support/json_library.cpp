#include "support/json_library.hpp"

#include <set>
#include <stdexcept>

namespace ping::test::schema {
namespace {

using boost::json::value;

const value* find_in(const value& from, const std::string& pointer) {
    boost::system::error_code missing;
    return from.find_pointer(pointer, missing);
}

}  // namespace

std::string escape_key(std::string_view key) {
    std::string escaped;
    for (const char c : key) {
        c == '~' ? escaped.append("~0") : c == '/' ? escaped.append("~1") : escaped.append(1, c);
    }
    return escaped;
}

bool Node::has(std::string_view key) const {
    return find_in(*value_, "/" + escape_key(key)) != nullptr;
}

Node Node::at(std::string_view key) const {
    const auto step = "/" + escape_key(key);
    const auto* const found = find_in(*value_, step);
    if (found == nullptr) {
        throw std::runtime_error("there is no " + place() + step);
    }
    return Node(*library_, document_, pointer_ + step, *found);
}

Node Node::at(std::size_t index) const {
    return at(std::to_string(index));
}

std::vector<std::string> Node::keys() const {
    std::vector<std::string> keys;
    if (const auto* const object = value_->if_object()) {
        for (const auto& member : *object) {
            keys.emplace_back(member.key());
        }
    }
    return keys;
}

Node Node::resolved() const {
    Node node = *this;
    std::set<std::string> seen;
    while (node.has("$ref")) {
        if (!seen.insert(node.place()).second) {
            throw std::runtime_error("a circle of $ref at " + node.place());
        }
        const auto reference = node.at("$ref").text();
        const auto hash = reference.find('#');
        const auto document = hash == 0 ? node.document_ : reference.substr(0, hash);
        node = library_->find(document, hash == std::string::npos ? "" : reference.substr(hash + 1));
    }
    return node;
}

void Library::add(std::string name, value document) {
    documents_.emplace(std::move(name), std::move(document));
}

Node Library::root(const std::string& document) const {
    return find(document, "");
}

Node Library::find(const std::string& document, const std::string& pointer) const {
    const auto root = documents_.find(document);
    const auto* const found = root == documents_.end() ? nullptr : find_in(root->second, pointer);
    if (found == nullptr) {
        throw std::runtime_error("there is no " + document + "#" + pointer);
    }
    return Node(*this, document, pointer, *found);
}

}  // namespace ping::test::schema
