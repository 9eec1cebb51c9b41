// SPDX-License-Identifier: GPL-3.0-or-later

internal import Documents

extension Document {
  /// The value as the service writes it in its messages: `[KeySchemaElement(attributeName=a,
  /// keyType=HASH)]`.
  ///
  /// Structures show all their members, those not given as `null`; an attribute value shows only
  /// what tells it from others, as `AttributeValue@79175931`: here eight digits of a checksum of
  /// its JSON.
  func serviceText(as shape: Shape?) -> String {
    switch self {
    case .null: return "null"
    case .bool(let value): return value ? "true" : "false"
    case .integer(let value): return String(value)
    case .double: return json(.compact)
    case .string(let text): return text
    case .array(let elements):
      return "[\(elements.map { $0.serviceText(as: shape?.element) }.joined(separator: ", "))]"
    case .object(let members):
      guard let shape, shape.kind == .structure else {
        let entries = members.map { "\($0.key)=\($0.value.serviceText(as: shape?.value))" }
        return "{\(entries.joined(separator: ", "))}"
      }
      guard !shape.isAttributeValue else { return "\(shape.namespace).\(shape.name)@\(checksum)" }
      let texts = shape.members.map {
        "\($0.name.withSmallInitial)=\((members[$0.name] ?? .null).serviceText(as: $0.shape))"
      }
      return "\(shape.name)(\(texts.joined(separator: ", ")))"
    }
  }

  /// Eight hexadecimal digits that depend on the value alone (FNV-1a).
  private var checksum: String {
    var hash: UInt32 = 2_166_136_261
    for byte in jsonBytes(.compact) { hash = (hash ^ UInt32(byte)) &* 16_777_619 }
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 8 - digits.count) + digits
  }
}
