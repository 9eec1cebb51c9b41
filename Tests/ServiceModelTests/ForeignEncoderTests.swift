// SPDX-License-Identifier: GPL-3.0-or-later

import Documents
import Foundation
import ServiceModel
import Testing

@Suite("Documents under encoders that are not ours")
struct ForeignEncoderTests {
  @Test("a document is written value by value, as JSON")
  func encoding() throws {
    let document: Document = [
      "TableName": "orders", "Limit": 10, "Share": 0.5, "Flag": true, "None": nil,
      "Keys": [["id": "a"], 1],
    ]
    let bytes = try JSONEncoder().encode(document)
    #expect(try Document.parse(Array(bytes)) == document)
  }

  @Test("a document is refused, not read, by a decoder that is not ours")
  func decoding() {
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(Document.self, from: Data("{}".utf8))
    }
  }
}
