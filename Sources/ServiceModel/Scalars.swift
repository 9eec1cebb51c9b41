// SPDX-License-Identifier: GPL-3.0-or-later

internal import Documents

/// What came of reading a document as a type of the standard library.
enum ScalarReading<Value> {
  /// The type is none of the standard library's; it decodes itself.
  case notScalar
  case value(Value)
  /// The document is of another kind, or a number outside the type's range.
  case mismatch
}

/// Reads a document as a text, truth or number.
///
/// A number with a fraction loses it where an integer is wanted, as the services' own reader does.
@inline(__always)
func readScalar<Value>(_ type: Value.Type, from document: Document) -> ScalarReading<Value> {
  func read<Scalar>(_ scalar: Scalar?) -> ScalarReading<Value> {
    (scalar as? Value).map(ScalarReading.value) ?? .mismatch
  }
  if type == String.self { return read(document.string) }
  if type == Document.self { return read(document) }
  if type == Bool.self { return read(document.bool) }
  if type == Int.self { return read(wholeNumber(document) as Int?) }
  if type == Int64.self { return read(wholeNumber(document) as Int64?) }
  if type == Double.self { return read(document.number) }
  if type == Float.self { return read(document.number.map(Float.init)) }
  if type == Int32.self { return read(wholeNumber(document) as Int32?) }
  if type == Int16.self { return read(wholeNumber(document) as Int16?) }
  if type == Int8.self { return read(wholeNumber(document) as Int8?) }
  if type == UInt.self { return read(wholeNumber(document) as UInt?) }
  if type == UInt64.self { return read(wholeNumber(document) as UInt64?) }
  if type == UInt32.self { return read(wholeNumber(document) as UInt32?) }
  if type == UInt16.self { return read(wholeNumber(document) as UInt16?) }
  if type == UInt8.self { return read(wholeNumber(document) as UInt8?) }
  return .notScalar
}

private func wholeNumber<Integer: FixedWidthInteger>(_ document: Document) -> Integer? {
  switch document {
  case .integer(let value): Integer(exactly: value)
  case .double(let value): Integer(exactly: value.rounded(.towardZero))
  default: nil
  }
}

/// The document of a text, truth or number; nil for a type that encodes itself.
@inline(__always)
func scalarDocument<Value>(_ value: Value) -> Document? {
  let type = Value.self
  if type == String.self { return (value as? String).map(Document.string) }
  if type == Document.self { return value as? Document }
  if type == Bool.self { return (value as? Bool).map(Document.bool) }
  if type == Int.self { return (value as? Int).map(numberDocument) }
  if type == Int64.self { return (value as? Int64).map(Document.integer) }
  if type == Double.self { return (value as? Double).map(Document.double) }
  if type == Float.self { return (value as? Float).map { .double(Double($0)) } }
  if type == Int32.self { return (value as? Int32).map(numberDocument) }
  if type == Int16.self { return (value as? Int16).map(numberDocument) }
  if type == Int8.self { return (value as? Int8).map(numberDocument) }
  if type == UInt.self { return (value as? UInt).map(numberDocument) }
  if type == UInt64.self { return (value as? UInt64).map(numberDocument) }
  if type == UInt32.self { return (value as? UInt32).map(numberDocument) }
  if type == UInt16.self { return (value as? UInt16).map(numberDocument) }
  if type == UInt8.self { return (value as? UInt8).map(numberDocument) }
  return nil
}

private func numberDocument<Integer: BinaryInteger>(_ value: Integer) -> Document {
  Int64(exactly: value).map(Document.integer) ?? .double(Double(value))
}

/// A place in a coded value, for messages and for containers made on the way.
struct PathKey: CodingKey {
  let stringValue: String
  let intValue: Int?

  init(stringValue: String) {
    self.stringValue = stringValue
    intValue = nil
  }

  init(intValue: Int) {
    stringValue = String(intValue)
    self.intValue = intValue
  }
}
