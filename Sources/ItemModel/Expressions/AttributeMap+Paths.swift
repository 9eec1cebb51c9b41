// SPDX-License-Identifier: GPL-3.0-or-later

extension DocumentPath {
  /// An order of paths in which those below one list are in the order of its indexes.
  ///
  /// - Complexity: O(n) in the length of the shorter path.
  func precedes(_ other: DocumentPath) -> Bool {
    for (mine, theirs) in zip(elements, other.elements) where mine != theirs {
      switch (mine, theirs) {
      case (.name(let a), .name(let b)): return ByteOrder.precedes(a, b)
      case (.index(let a), .index(let b)): return a < b
      case (.name, .index): return true
      case (.index, .name): return false
      }
    }
    return steps.count < other.steps.count
  }
}

extension AttributeMap {
  /// Puts a value at a path whose parent exists; an index behind a list's end appends.
  ///
  /// - Returns: The path at which the value is now.
  /// - Throws: `documentPathInvalidForUpdate`; `tooManyLevels` when the item would nest too deep.
  /// - Complexity: O(n) in the size of the containers on the way.
  mutating func place(
    _ value: AttributeValue, at path: DocumentPath
  ) throws(ExpressionError) -> DocumentPath {
    if path.steps.count + value.levelCount > AttributeValue.maximumLevels { throw .tooManyLevels }
    guard let last = path.steps.last else {
      self[path.attribute] = value
      return path
    }
    var container = try parent(of: path)
    var steps = path.steps
    switch (last, container) {
    case (.name(let name), .map(var map)):
      map[name] = value
      container = .map(map)
    case (.index(let index), .list(var list)):
      if index < list.count {
        list[index] = value
      } else {
        steps[steps.count - 1] = .index(list.count)
        list.append(value)
      }
      container = .list(list)
    default: throw .documentPathInvalidForUpdate
    }
    replaceParent(of: path, by: container)
    return DocumentPath(path.attribute, steps)
  }

  /// Removes what is at a path whose parent exists; nothing there is no error.
  ///
  /// - Throws: `documentPathInvalidForUpdate`.
  /// - Complexity: O(n) in the size of the containers on the way.
  mutating func removeValue(at path: DocumentPath) throws(ExpressionError) {
    guard let last = path.steps.last else {
      self[path.attribute] = nil
      return
    }
    var container = try parent(of: path)
    switch (last, container) {
    case (.name(let name), .map(var map)):
      map[name] = nil
      container = .map(map)
    case (.index(let index), .list(var list)):
      guard index < list.count else { return }
      list.remove(at: index)
      container = .list(list)
    default: throw .documentPathInvalidForUpdate
    }
    replaceParent(of: path, by: container)
  }

  private func parent(of path: DocumentPath) throws(ExpressionError) -> AttributeValue {
    guard let parent = value(at: DocumentPath(path.attribute, Array(path.steps.dropLast())))
    else { throw .documentPathInvalidForUpdate }
    return parent
  }

  /// Puts back a container that `parent(of:)` found.
  private mutating func replaceParent(of path: DocumentPath, by container: AttributeValue) {
    guard let top = self[path.attribute] else { return }
    self[path.attribute] = top.replacing(path.steps.dropLast(), by: container)
  }
}

extension AttributeValue {
  /// This value with another one in place of what is at the steps, which exist.
  fileprivate func replacing(
    _ steps: ArraySlice<DocumentPath.Element>, by value: AttributeValue
  ) -> AttributeValue {
    switch (steps.first, self) {
    case (.name(let name), .map(var map)):
      map[name] = map[name]?.replacing(steps.dropFirst(), by: value)
      return .map(map)
    case (.index(let index), .list(var list)) where list.indices.contains(index):
      list[index] = list[index].replacing(steps.dropFirst(), by: value)
      return .list(list)
    default: return value
    }
  }
}
