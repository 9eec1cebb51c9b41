// SPDX-License-Identifier: GPL-3.0-or-later

import ItemModel
import PersistentCollections

/// One page of a listing, and the token that the next one is asked for with.
///
/// A token holds the mark of the last element shown: its place in the listing's order. So a listing
/// goes on behind it even if that element is gone by then, and nothing before it is looked at again.
///
/// ```swift
/// let start: String? = try PageToken.mark(in: token, otherwise: .keyMarkerInvalid)
/// let page = Page(keys.entries(after: start), limit: 100) { $0.key }
/// ```
struct Page<Element> {
  let shown: [Element]
  /// Nil on the last page.
  let nextToken: String?

  /// Takes the first elements of what is left.
  ///
  /// - Parameters:
  ///   - rest: What comes behind the page before, in order; not looked at beyond the page and the
  ///     element behind it.
  ///   - limit: How many make a page.
  ///   - mark: Where in the listing's order an element stands.
  init(
    _ rest: some Sequence<Element>, limit: Int, mark: (Element) -> some LosslessStringConvertible
  ) {
    var shown: [Element] = []
    var hasMore = false
    for element in rest {
      guard shown.count < limit else {
        hasMore = true
        break
      }
      shown.append(element)
    }
    self.shown = shown
    nextToken = hasMore ? shown.last.map { PageToken.text(of: mark($0)) } : nil
  }

  private init(shown: [Element], nextToken: String?) {
    (self.shown, self.nextToken) = (shown, nextToken)
  }

  /// Takes a page of a list whose order is not that of its names.
  ///
  /// - Parameters:
  ///   - list: Everything, in order.
  ///   - limit: How many make a page.
  ///   - token: The page before's; nil for the first page.
  ///   - refusal: What a token is refused with that was never given out, or whose element is gone.
  ///   - name: What tells the elements apart.
  /// - Throws: The refusal.
  /// - Complexity: O(n) in the length of the list.
  init(
    _ list: [Element], limit: Int, token: String?, otherwise refusal: ServiceError,
    name: (Element) -> String
  ) throws(ServiceError) {
    var rest = list[...]
    if let last: String = try PageToken.mark(in: token, otherwise: refusal) {
      guard let end = list.firstIndex(where: { name($0) == last }) else { throw refusal }
      rest = list[(end + 1)...]
    }
    self.init(rest, limit: limit, mark: name)
  }

  /// The same page of something else in each element's place.
  func map<Shown>(_ transform: (Element) -> Shown) -> Page<Shown> {
    Page<Shown>(shown: shown.map(transform), nextToken: nextToken)
  }
}

/// The tokens of pages: marks in a form that tells a client nothing.
enum PageToken {
  private static let sign = "after:"

  static func text(of mark: some LosslessStringConvertible) -> String {
    Base64.text(of: Array((sign + mark.description).utf8))
  }

  /// The mark in a request's token; nil for the first page.
  ///
  /// - Parameters:
  ///   - token: What the request gives.
  ///   - refusal: What a text is refused with that was never given out.
  /// - Returns: The mark.
  /// - Throws: The refusal.
  static func mark<Mark: LosslessStringConvertible>(
    in token: String?, otherwise refusal: @autoclosure () -> ServiceError
  ) throws(ServiceError) -> Mark? {
    guard let token else { return nil }
    guard let bytes = try? Base64.bytes(of: token),
      let text = String(validating: bytes, as: UTF8.self),
      text.hasPrefix(sign), let mark = Mark(String(text.dropFirst(sign.count)))
    else { throw refusal() }
    return mark
  }
}

extension OrderedMap {
  /// The entries behind a key, or all of them, in the order of their keys.
  ///
  /// - Complexity: O(1); iterating costs O(log n) and O(1) a step.
  func entries(after key: Key?) -> Entries {
    entries(lower: key.map { .excluding($0) } ?? .unbounded, upper: .unbounded)
  }
}
