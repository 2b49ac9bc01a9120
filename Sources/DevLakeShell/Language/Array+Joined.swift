extension Array {
  /// Joins the elements in order into a tree as flat as possible.
  ///
  /// `&&` and `||` group either way with the same meaning; a hundred thousand of them in a row must
  /// not make a tree a hundred thousand levels deep, which would overflow the stack of its readers.
  func joined(by join: (Element, Element) -> Element) -> Element {
    self[...].joined(by: join)
  }
}

extension ArraySlice {
  fileprivate func joined(by join: (Element, Element) -> Element) -> Element {
    guard count > 1 else { return self[startIndex] }
    let middle = startIndex + (count + 1) / 2
    return join(self[..<middle].joined(by: join), self[middle...].joined(by: join))
  }
}
