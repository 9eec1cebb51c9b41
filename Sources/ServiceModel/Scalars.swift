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
  // Each line has just seen that the two types are one, which a cast would find out again, slowly.
  func read<Scalar>(_ scalar: Scalar?) -> ScalarReading<Value> {
    guard let scalar else { return .mismatch }
    return .value(unsafeBitCast(scalar, to: Value.self))
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
  case .double(let value): value.wholePart.flatMap { Integer(exactly: $0) }
  default: nil
  }
}

extension Double {
  /// The number without its fraction, where 64 bits hold it.
  var wholePart: Int64? { -0x1p63 <= self && self < 0x1p63 ? Int64(self) : nil }
}

/// The document of a text, truth or number; nil for a type that encodes itself.
@inline(__always)
func scalarDocument<Value>(_ value: Value) -> Document? {
  let type = Value.self
  // As in `readScalar`, the two types are one.
  func cast<Scalar>(_: Scalar.Type) -> Scalar { unsafeBitCast(value, to: Scalar.self) }
  if type == String.self { return .string(cast(String.self)) }
  if type == Document.self { return cast(Document.self) }
  if type == Bool.self { return .bool(cast(Bool.self)) }
  if type == Int.self { return numberDocument(cast(Int.self)) }
  if type == Int64.self { return .integer(cast(Int64.self)) }
  if type == Double.self { return .double(cast(Double.self)) }
  if type == Float.self { return .double(Double(cast(Float.self))) }
  if type == Int32.self { return numberDocument(cast(Int32.self)) }
  if type == Int16.self { return numberDocument(cast(Int16.self)) }
  if type == Int8.self { return numberDocument(cast(Int8.self)) }
  if type == UInt.self { return numberDocument(cast(UInt.self)) }
  if type == UInt64.self { return numberDocument(cast(UInt64.self)) }
  if type == UInt32.self { return numberDocument(cast(UInt32.self)) }
  if type == UInt16.self { return numberDocument(cast(UInt16.self)) }
  if type == UInt8.self { return numberDocument(cast(UInt8.self)) }
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
