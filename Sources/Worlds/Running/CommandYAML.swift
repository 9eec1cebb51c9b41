// SPDX-License-Identifier: GPL-3.0-or-later

package import CommandLanguage
internal import ContentFormat
internal import OrderedCollections

/// YAML on a command line, for `--cli-input-yaml`: what plain words mean in YAML 1.2.
///
/// Anchors, merge keys and tags other than `!!binary` are refused, as everywhere here.
package enum CommandYAML {
  /// The value of a text, nil for a text that cannot be read.
  ///
  /// - Complexity: O(n).
  package static func read(_ text: String) -> ParameterValue? {
    YAMLReader.read(Array(text.utf8), file: "", allowsBinary: true).root.flatMap(value)
  }

  private static func value(_ node: ContentNode) -> ParameterValue? {
    switch node.value {
    case .scalar(let scalar):
      return scalar.style == .plain ? plain(scalar.text) : .string(scalar.text)
    case .sequence(let nodes):
      var elements: [ParameterValue] = []
      for node in nodes {
        guard let element = value(node) else { return nil }
        elements.append(element)
      }
      return .list(elements)
    case .mapping(let members):
      var result: OrderedDictionary<String, ParameterValue> = [:]
      for member in members {
        guard let held = value(member.node) else { return nil }
        result[member.name] = held
      }
      return .map(result)
    }
  }

  private static func plain(_ text: String) -> ParameterValue? {
    switch text {
    case "", "~", "null", "Null", "NULL": return .null
    case "true", "True", "TRUE": return .bool(true)
    case "false", "False", "FALSE": return .bool(false)
    default: break
    }
    let tag = "!!binary "
    if text.hasPrefix(tag) {
      let written = text.dropFirst(tag.count).filter { $0 != "'" && $0 != "\"" && $0 != " " }
      return ParameterValue.bytes(ofBase64: String(written))
    }
    return number(text) ?? .string(text)
  }

  private static func number(_ text: String) -> ParameterValue? {
    let unsigned = text.first == "+" || text.first == "-" ? text.dropFirst() : text[...]
    let sign = text.first == "-" ? "-" : ""
    guard let first = unsigned.first, first.isASCII else { return nil }
    for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] where unsigned.hasPrefix(prefix) {
      return Int64(sign + unsigned.dropFirst(2).replacing("_", with: ""), radix: radix)
        .map { .integer($0) }
    }
    switch unsigned {
    case ".inf", ".Inf", ".INF": return .double(sign.isEmpty ? .infinity : -.infinity)
    case ".nan", ".NaN", ".NAN": return .double(.nan)
    default: break
    }
    guard first.isNumber || first == ".", unsigned.contains(where: \.isNumber) else { return nil }
    let digits = unsigned.replacing("_", with: "")
    if let whole = Int64(sign + digits) { return .integer(whole) }
    guard digits.utf8.allSatisfy({ (0x30...0x39).contains($0) || ".eE+-".utf8.contains($0) }),
      let real = Double(sign + (digits.hasSuffix(".") ? digits + "0" : digits))
    else { return nil }
    return .double(real)
  }
}
