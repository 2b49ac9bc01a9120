import DevLakeKit

/// The two test routes of a plugin.
extension DevLake {
  /// POST of a connection that is not saved.
  func testNew(
    _ kind: ConnectionKind,
    _ test: ConnectionTest,
    _ request: Request
  )
    throws(Failure) -> Answer
  {
    var values = kind.blank
    let body = try GoBody.object(request.body)
    try overlay(body, on: &values, kind)
    if let failure = kind.adapt(&values, .testing) { throw failure }
    return test.answer(ConnectionTest.Subject(kind: kind, values: values, body: body))
  }

  /// POST of a saved connection; members of the body count for this test only.
  func testExisting(
    _ kind: ConnectionKind,
    _ test: ConnectionTest,
    _ id: String,
    _ request: Request
  ) throws(Failure) -> Answer {
    let row: ConnectionRow
    do {
      row = try connection(kind, id)
    } catch {
      if test.unknownIsNotFound { throw error }
      var failure = error.wrapped(400, "find connection from db")
      for words in test.lookupWords { failure = failure.wrapped(400, words) }
      throw failure
    }
    var values = row.values
    let body = try GoBody.object(request.body)
    if test.readsBody { try overlay(body, on: &values, kind) }
    if test.mergesSecrets { _ = Self.restoreSecrets(of: kind, in: &values, from: row.values) }
    if let failure = kind.adapt(&values, .testing) { throw failure }
    kind.settle(&values)
    return test.answer(ConnectionTest.Subject(kind: kind, values: values, row: row))
  }

  private func overlay(
    _ body: JSONObject?,
    on values: inout JSONObject,
    _ kind: ConnectionKind
  ) throws(Failure) {
    guard let body else { return }
    var decoder = FieldDecoder(isWeak: true)
    decoder.overlay(body, on: &values, kind: kind)
    if let text = decoder.errorText { throw Failure(500, [.own(text), .foreign(text)]) }
  }
}
