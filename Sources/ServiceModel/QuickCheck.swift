// SPDX-License-Identifier: GPL-3.0-or-later

package import Documents

extension Shape {
  /// Whether an input is so plainly what the model wants that neither `serializationError` nor
  /// `violations` has anything to say about it.
  ///
  /// Nearly every request is, and one look at it costs a fraction of their two. A false answer says
  /// nothing: then they are asked, and find the words.
  ///
  /// - Complexity: O(n) in the number of values.
  package func plainlyAdmits(_ value: Document) -> Bool {
    switch (value, kind) {
    case (.object(let members), .structure): isAttributeValue || admits(members: members)
    case (.object(let entries), .map): admits(entries: entries)
    case (.array(let elements), .list):
      isWithinBounds(elements.count) && elements.allSatisfy { element?.plainlyAdmits($0) ?? false }
    case (.string(let text), .string): admits(text)
    case (.integer(let number), .integer), (.integer(let number), .long):
      isWithinBounds(Int(number))
    case (.bool, .boolean): true
    default: false
    }
  }

  private func admits(members: OrderedDictionary<String, Document>) -> Bool {
    var missing = required.count
    for (name, value) in members.elements {
      guard let index = memberIndex(named: name) else { continue }
      if value.isNull { continue }
      guard self.members[index].shape.plainlyAdmits(value) else { return false }
      if self.members[index].isRequired { missing -= 1 }
    }
    return missing == 0
  }

  private func admits(entries: OrderedDictionary<String, Document>) -> Bool {
    guard let value, let key, isWithinBounds(entries.count) else { return false }
    let keysAreFree = !key.hasLimits
    // What an attribute's value holds is the item model's to judge.
    if value.isAttributeValue, keysAreFree {
      return entries.values.elements.allSatisfy { if case .object = $0 { true } else { false } }
    }
    return entries.elements.allSatisfy { name, entry in
      (keysAreFree || key.admits(name)) && value.plainlyAdmits(entry)
    }
  }

  private func admits(_ text: String) -> Bool {
    guard hasLimits else { return true }
    // A character is one to four bytes: most lengths are right or wrong without counting.
    if minimum != nil || maximum != nil {
      let count = text.utf8.count
      let isSurelyLongEnough = (count + 3) / 4 >= minimum ?? 0
      guard
        isSurelyLongEnough && count <= maximum ?? .max
          || isWithinBounds(text.unicodeScalars.count)
      else { return false }
    }
    if !enumeration.isEmpty, !enumeration.contains(where: { $0.utf8.elementsEqual(text.utf8) }) {
      return false
    }
    guard pattern != nil else { return true }
    return matcher?.matches(text) ?? false
  }

  private func isWithinBounds(_ measure: Int) -> Bool {
    measure >= minimum ?? .min && measure <= maximum ?? .max
  }
}
