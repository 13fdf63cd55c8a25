#pragma once

#include <boost/json/value.hpp>

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace ping::test::schema {

class Library;

/// A key as it stands in a JSON pointer (RFC 6901).
std::string escape_key(std::string_view key);

/// A place in a document of a library. Refers to the library.
class Node {
public:
    Node(const Library& library, std::string document, std::string pointer, const boost::json::value& value)
        : library_(&library), document_(std::move(document)), pointer_(std::move(pointer)), value_(&value) {}

    const boost::json::value& value() const { return *value_; }
    /// `document#pointer`, for messages.
    std::string place() const { return document_ + "#" + pointer_; }
    bool has(std::string_view key) const;
    /// A member of an object; throws std::runtime_error when it is not there.
    Node at(std::string_view key) const;
    Node at(std::size_t index) const;
    /// The keys of an object, in order; none of what is no object.
    std::vector<std::string> keys() const;
    std::string text() const { return std::string(value_->as_string()); }
    /// What `$ref` names, through any number of them; the node itself where there is none.
    Node resolved() const;

private:
    const Library* library_;
    std::string document_;
    std::string pointer_;
    const boost::json::value* value_;
};

/// Documents that refer to each other: `#/pointer` within one, `name#/pointer` from one to another.
class Library {
public:
    void add(std::string name, boost::json::value document);
    Node root(const std::string& document) const;
    /// RFC 6901. Throws std::runtime_error when there is nothing.
    Node find(const std::string& document, const std::string& pointer) const;

private:
    std::map<std::string, boost::json::value> documents_;
};

}  // namespace ping::test::schema
