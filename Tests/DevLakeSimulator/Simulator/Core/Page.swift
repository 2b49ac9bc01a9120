import DevLakeKit

/// Which part of a list was asked for: pages from 1, 50 entries unless told.
struct Page: Sendable {
  var number = 1
  var size = 50

  init() {}

  /// Reads `page` and `pageSize`; `nil` when one is no number.
  init?(_ request: Request) {
    func number(_ name: String) -> Int?? {
      guard let text = request.parameter(name), !text.isEmpty else { return .some(nil) }
      return Int(text).map(Optional.some)
    }
    guard let page = number("page"), let size = number("pageSize") else { return nil }
    if let page, page > 0 { self.number = page }
    if let size, size > 0 { self.size = size }
  }

  /// The entries of the page.
  func slice<Entry>(_ entries: [Entry]) -> [Entry] {
    let (start, overflow) = (number - 1).multipliedReportingOverflow(by: size)
    guard !overflow, start < entries.count else { return [] }
    return Array(entries[start..<min(entries.count, start + min(size, entries.count))])
  }
}

extension Request {
  /// The page asked for.
  ///
  /// - Throws: The 400 of DevLake's core routes when it is no number.
  func page() throws(Failure) -> Page {
    guard let page = Page(self) else {
      let text = [parameter("page"), parameter("pageSize")].compactMap { $0 }
        .first { Int($0) == nil }
      throw Failure(
        400,
        [
          .own("bad request body format", 400),
          .foreign("strconv.ParseInt: parsing \"\(text ?? "")\""), .foreign("invalid syntax"),
        ]
      )
    }
    return page
  }
}
