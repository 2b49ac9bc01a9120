import DevLakeKit

/// PATCH of a connection.
extension DevLake {
  mutating func patchConnection(
    _ kind: ConnectionKind,
    _ id: String,
    _ request: Request
  )
    throws(Failure) -> Answer
  {
    let row = try connection(kind, id)
    let body = try GoBody.object(request.body) ?? JSONObject()
    var values = row.values
    if case .replaces(let fields) = kind.patch {
      let blank = kind.blank
      for field in fields { values[field] = blank[field] }
    }
    var decoder = FieldDecoder(isWeak: true)
    decoder.overlay(body, on: &values, kind: kind)
    if let text = decoder.errorText {
      throw kind.patchDecodingWords.map { words in
        Failure(400, [.own(words, 400), .own(text), .foreign(text)])
      } ?? Failure(500, [.own(text), .foreign(text)])
    }
    guard Self.restoreSecrets(of: kind, in: &values, from: row.values) else { return .panic }
    if let failure = kind.adapt(&values, .saving) { throw failure }
    if kind.family == .legacy { kind.settle(&values) }
    kind.settlePatch(&values)
    try patchable(values, kind, row)
    tables[kind.plugin]?.update(row.id, with: values)
    if kind.quirks.contains(.issuesKey) {
      return .json([
        "name": values["name"] ?? "", "id": .integer(row.id),
        "createdAt": row.createdAt.stored, "updatedAt": row.updatedAt.stored,
      ])
    }
    guard var changed = tables[kind.plugin]?[row.id] else { return .panic }
    // The older family answers with the time from before.
    if kind.family == .legacy { changed.updatedAt = row.updatedAt }
    let written: Set<ConnectionKind.WrittenTime> = kind.family == .legacy ? [] : [.updated]
    guard let shown = kind.shown(changed, written: written) else { return .panic }
    return .json(shown)
  }

  /// Puts stored secrets back where the body has none or only their mask.
  ///
  /// - Returns: False when a mask panics.
  static func restoreSecrets(
    of kind: ConnectionKind,
    in values: inout JSONObject,
    from old: JSONObject
  ) -> Bool {
    if kind.restoresOnlyWithSameAuthMethod, values["authMethod"] != old["authMethod"] {
      return true
    }
    for field in kind.fields {
      if field.kind == .pairs {
        values[field.name] = restored(values[field.name], from: old[field.name])
      }
      guard let secret = field.secret, let stored = old[field.name]?.string,
        let new = values[field.name]?.string
      else { continue }
      if secret.mask == .githubTokens {
        guard let merged = Self.mergedTokens(new, stored: stored) else { return false }
        values[field.name] = .string(merged)
        continue
      }
      if new.isEmpty {
        if secret.restoresEmpty { values[field.name] = .string(stored) }
      } else if secret.restoresMask, secret.mask.apply(to: stored) == new {
        values[field.name] = .string(stored)
      }
    }
    return true
  }

  /// Headers: an empty value or a mask is restored by the key, a mask by its place, too.
  private static func restored(_ new: JSONValue?, from old: JSONValue?) -> JSONValue {
    let stored = old?.array ?? []
    let pairs = (new?.array ?? []).enumerated().map { index, pair -> JSONValue in
      guard let value = pair["value"]?.string else { return pair }
      let sameKey = stored.first { $0["key"] == pair["key"] }?["value"]?.string
      if let sameKey, value.isEmpty || Mask.generic.apply(to: sameKey) == value {
        return ["key": pair["key"] ?? "", "value": .string(sameKey)]
      }
      let samePlace = stored.indices.contains(index) ? stored[index]["value"]?.string : nil
      if let samePlace, !value.isEmpty, Mask.generic.apply(to: samePlace) == value {
        return ["key": pair["key"] ?? "", "value": .string(samePlace)]
      }
      return pair
    }
    return .array(pairs)
  }

  /// GitHub's tokens: a stored one's mask stands for it, any other mask is dropped.
  ///
  /// DevLake walks through a Go map, so they come out in another order than they went in (measured);
  /// here the first goes to the end, which is another order every time.
  private static func mergedTokens(_ new: String, stored: String) -> String? {
    var known: [String: String] = [:]
    for token in stored.split(separator: ",").map(String.init) {
      if let mask = Mask.token(token) { known[mask] = token }
    }
    var merged: [String] = []
    for token in new.split(separator: ",").map(String.init) {
      guard let mask = Mask.token(token) else { return nil }
      if let token = known[token] {
        merged.append(token)
      } else if mask != token {
        merged.append(token)
      }
    }
    if merged.count > 1 { merged.append(merged.removeFirst()) }
    return merged.joined(separator: ",")
  }

  private func patchable(
    _ values: JSONObject,
    _ kind: ConnectionKind,
    _ row: ConnectionRow
  )
    throws(Failure)
  {
    if kind.family == .dataSource,
      let complaints = FieldValidator(kind: kind).complaints(saving: values)
    {
      throw Failure(400, [.own("validation failed", 400), .foreign(complaints)])
    }
    if let failure = kind.payloadFailure(values, includesName: false) { throw failure }
    if kind.family == .legacy, let complaint = kind.check(values) {
      throw Failure(400, complaint)
    }
    try storable(values, kind)
    let owner = tables[kind.plugin]?.id(named: values["name"]?.string ?? "")
    guard let owner, owner != row.id else { return }
    throw kind.family == .dataSource
      ? Failure.passedOn(
        400,
        "ERROR: duplicate key value violates unique constraint \"idx_\(kind.tableName)_name\" "
          + "(SQLSTATE 23505)"
      ) : Failure(400, kind.duplicateWords(values["name"]?.string ?? ""))
  }
}
