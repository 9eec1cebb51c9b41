// SPDX-License-Identifier: GPL-3.0-or-later

import Documents
import ServiceModel

/// Documents as XML, by their shapes.
struct XMLWriter {
  let times: WireText.TimeFormat

  /// The elements of a structure's members, in the model's order.
  func elements(_ members: some Sequence<(Member, Document)>) -> String {
    members.map { member, value in
      element(value, as: member.shape, named: member.locationName ?? member.name)
    }.joined()
  }

  func element(_ value: Document, as shape: Shape, named name: String) -> String {
    guard !value.isNull else { return "" }
    switch (value, shape.kind) {
    case (.object, .structure):
      return "<\(name)>\(elements(members(of: value, in: shape)))</\(name)>"
    case (.array(let elements), .list):
      guard let inner = shape.element else { return "" }
      let label = shape.wire.isFlattened ? name : shape.wire.elementName ?? "member"
      let texts = elements.map { element($0, as: inner, named: label) }.joined()
      return shape.wire.isFlattened ? texts : "<\(name)>\(texts)</\(name)>"
    case (.object(let entries), .map):
      let texts = entries.map { key, value in
        "<entry><key>\(Self.escaped(key))</key>"
          + (shape.value.map { element(value, as: $0, named: "value") } ?? "") + "</entry>"
      }
      return "<\(name)>\(texts.joined())</\(name)>"
    default:
      return
        "<\(name)>\(Self.escaped(WireText.text(value, as: shape.kind, times: times)))</\(name)>"
    }
  }

  /// The members of a structure that are given and travel in the body.
  func members(of value: Document, in shape: Shape?) -> [(Member, Document)] {
    (shape?.members ?? []).compactMap { member in
      guard member.location == nil, let given = value[member.name], !given.isNull else {
        return nil
      }
      return (member, given)
    }
  }

  /// Elements for members of which no model says anything: those of errors.
  static func plain(_ members: [(name: String, value: Document)]) -> String {
    members.map { name, value in
      let text = value.string ?? value.json(.compact)
      return "<\(name)>\(escaped(text))</\(name)>"
    }.joined()
  }

  /// A text as the content of an element; what XML cannot hold stands as a reference.
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "\t", "\n": result.unicodeScalars.append(scalar)
      default:
        if scalar.value < 0x20 || scalar.value == 0x7f {
          result += "&#x\(String(scalar.value, radix: 16));"
        } else {
          result.unicodeScalars.append(scalar)
        }
      }
    }
    return result
  }

  /// A whole document.
  static func document(_ text: String) -> [UInt8] {
    Array("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\(text)".utf8)
  }
}
