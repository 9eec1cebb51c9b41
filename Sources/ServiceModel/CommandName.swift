// SPDX-License-Identifier: GPL-3.0-or-later

/// The name the AWS CLI gives to an operation, a waiter or a member: `CreateBackup` →
/// `create-backup`.
///
/// It takes the steps of botocore's `xform_name(name, "-")`: a plural acronym at the end keeps its
/// `s` (`ListARNs` → `list-arns`), then a capital followed by small letters begins a word, then a
/// capital after a small letter or a digit does. A name that holds a hyphen already stays as it is.
///
/// - Parameter name: A name as the service spells it.
/// - Returns: The name as the CLI spells it.
/// - Complexity: O(n) in the length of the name.
package func commandName(_ name: String) -> String {
  var bytes = Array(name.utf8)
  if bytes.contains(hyphen) { return name }
  bytes = separatingPluralAcronym(bytes)
  bytes = separatingCapitalisedWords(bytes)
  bytes = separatingCapitals(bytes)
  return String(decoding: bytes.map { isCapital($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
}

private let hyphen = UInt8(ascii: "-")

private func isCapital(_ byte: UInt8) -> Bool {
  UInt8(ascii: "A") <= byte && byte <= UInt8(ascii: "Z")
}

private func isSmall(_ byte: UInt8) -> Bool {
  UInt8(ascii: "a") <= byte && byte <= UInt8(ascii: "z")
}

private func isDigit(_ byte: UInt8) -> Bool {
  UInt8(ascii: "0") <= byte && byte <= UInt8(ascii: "9")
}

/// Two or more capitals and a final `s` become a word: `ListARNs` → `List-arns`.
private func separatingPluralAcronym(_ name: [UInt8]) -> [UInt8] {
  guard name.last == UInt8(ascii: "s") else { return name }
  let acronym = name.dropLast().reversed().prefix(while: isCapital).count
  guard acronym >= 2 else { return name }
  let start = name.count - 1 - acronym
  return name[..<start] + [hyphen] + name[start...].map { isCapital($0) ? $0 | 0x20 : $0 }
}

/// A hyphen between any byte and a capital followed by small letters: `ToPointInTime` →
/// `To-Point-In-Time`.
private func separatingCapitalisedWords(_ name: [UInt8]) -> [UInt8] {
  var result: [UInt8] = []
  var index = 0
  while index < name.count {
    result.append(name[index])
    index += 1
    guard index + 1 < name.count, isCapital(name[index]), isSmall(name[index + 1]) else { continue }
    result += [hyphen, name[index]]
    index += 1
    while index < name.count, isSmall(name[index]) {
      result.append(name[index])
      index += 1
    }
  }
  return result
}

/// A hyphen between a small letter or digit and a capital: `s3Bucket` → `s3-Bucket`.
private func separatingCapitals(_ name: [UInt8]) -> [UInt8] {
  var result: [UInt8] = []
  var index = 0
  while index < name.count {
    let byte = name[index]
    result.append(byte)
    index += 1
    guard index < name.count, isSmall(byte) || isDigit(byte), isCapital(name[index]) else {
      continue
    }
    result += [hyphen, name[index]]
    index += 1
  }
  return result
}
