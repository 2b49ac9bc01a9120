/// Tells whether DevLake has what was sent, field by field.
///
/// DevLake answers a write with the whole row, secrets masked. Its masks are a function of the
/// secret (measured on all recorded exchanges), so that a mask of another secret is a proof, and one
/// that changed to that of the sent secret is a proof of the other kind.
struct SentFields {
  let sent: RequestBody
  let plugin: PluginDescriptor
  /// The row before the write; `nil` for a creation.
  let before: Connection?

  /// What DevLake's row says of one field that was sent.
  enum Evidence: Equatable {
    /// It has the value; `isNew`: and had another before.
    case taken(isNew: Bool)
    /// It has another value; `isOld`: the one from before.
    case untaken(isOld: Bool)
    /// It shows too little to tell.
    case silent
  }

  /// What a row says of everything that was sent.
  enum Finding: Equatable {
    /// Everything that was sent is there.
    case taken
    /// Nothing of it is there.
    case absent
    /// These fields have other values, although other fields, or the time of the row's change, tell
    /// that the write arrived.
    case untaken([String])
    /// It cannot be told.
    case open
  }

  /// The fields that have not the value that was sent, in an answer that should show them.
  func untaken(in now: Connection) -> [String] {
    let found = evidence(in: now)
    let untaken = found.filter { if case .untaken = $0.evidence { true } else { false } }
    if !untaken.isEmpty { return untaken.map(\.field) }
    // DevLake moves the time with every PATCH, even one that changes nothing (measured): an old time
    // with nothing new beside it is the row from before.
    // But older code of DevLake answers with the time from before (measured).
    let isStale =
      !plugin.answersWithOldTime
      && (before.map { $0.updatedAt != nil && $0.updatedAt == now.updatedAt } ?? false)
    return isStale && !found.contains { $0.evidence == .taken(isNew: true) }
      ? found.filter { $0.evidence == .silent }.map(\.field) : []
  }

  /// What a row that was read after a lost answer tells.
  func finding(in now: Connection) -> Finding {
    let found = evidence(in: now)
    var untaken: [String] = []
    var (isNewThere, isOnlyOld) = (false, true)
    for (field, evidence) in found {
      switch evidence {
      case .taken(let isNew): isNewThere = isNewThere || isNew
      case .untaken(let isOld):
        untaken.append(field)
        isOnlyOld = isOnlyOld && isOld
      case .silent: break
      }
    }
    if !untaken.isEmpty {
      if isNewThere { return .untaken(untaken) }
      return isOnlyOld ? .absent : .open
    }
    if isNewThere { return .taken }
    // Nothing that was sent shows. A row whose time stands still was not written to; one whose time
    // moved was, but who has changed something else as well may have been the only one.
    guard let before, before.updatedAt != nil else { return .open }
    if before.updatedAt == now.updatedAt { return .absent }
    let others = before.fieldsChanged(in: now).filter { sent[$0] == nil }
    return others.isEmpty ? .taken : .open
  }

  private func evidence(in now: Connection) -> [(field: String, evidence: Evidence)] {
    sent.members.map { ($0.name, evidence(of: $0.name, $0.value, in: now)) }
  }

  private func evidence(
    of name: String,
    _ value: RequestBody.Value,
    in now: Connection
  ) -> Evidence {
    switch value {
    case .json(let wanted):
      // What is called a secret is masked in an answer, also inside a list.
      if plugin.field(name)?.isSecret ?? holdsSecret(wanted, name) {
        return wanted.string.map { secret($0, name, in: now) } ?? .silent
      }
      let isThere = isEqual(wanted, now.stored[name], name)
      let wasThere = before.map { isEqual(wanted, $0.stored[name], name) } ?? false
      if isThere { return .taken(isNew: !wasThere) }
      return .untaken(
        isOld: before.map { isEqual($0.stored[name], now.stored[name], name) } ?? false
      )
    case .secret(let secret): return secret.reveal { self.secret($0, name, in: now) }
    }
  }

  private func holdsSecret(_ value: JSONValue, _ name: String) -> Bool {
    !SecretFields.secrets(in: value, named: name).isEmpty || SecretFields.isSecret(name)
      || SecretFields.hiding(value, named: name) != value
  }

  private func isEqual(_ lhs: JSONValue?, _ rhs: JSONValue?, _ name: String) -> Bool {
    let (lhs, rhs) = (lhs ?? .null, rhs ?? .null)
    if lhs == rhs { return true }
    guard let field = plugin.field(name) else {
      return [.null, "", .bool(false), 0].contains(lhs) && rhs.isNull
    }
    // A 0 that DevLake makes a number of its own of is not what was asked for.
    if field.kind == .integer, [lhs, rhs].contains(0), !lhs.isNull, !rhs.isNull { return false }
    func canonical(_ value: JSONValue) -> JSONValue {
      // DevLake puts its own value in the place of an empty text (measured: gh-copilot's endpoint).
      let value = value == "" ? plugin.standard(of: field) : value
      return plugin.canonical(value, of: field)
    }
    return canonical(lhs) == canonical(rhs)
  }

  /// Headers are shown with their names, each value masked; an empty value keeps the stored one.
  private func headers(_ value: String, _ name: String, in now: Connection) -> Evidence {
    guard let sent = try? JSONValue(parsing: Array(value.utf8)).array,
      let shown = now.stored[name]?.array
    else { return .silent }
    let keys = { (list: [JSONValue]) in list.map { $0["key"]?.string ?? "" }.sorted() }
    let isThere =
      keys(sent) == keys(shown)
      && sent.allSatisfy { header in
        let text = header["value"]?.string ?? ""
        guard !text.isEmpty, text.utf8.allSatisfy({ $0 < 0x80 }) else { return true }
        let mask = JSONValue.string(SecretMask.generic(text))
        return shown.contains { $0["key"] == header["key"] && $0["value"] == mask }
      }
    let isOld = before.map { $0.stored[name] == now.stored[name] } ?? false
    guard isThere else { return .untaken(isOld: isOld) }
    return isOld ? .silent : .taken(isNew: true)
  }

  private func secret(_ value: String, _ name: String, in now: Connection) -> Evidence {
    if plugin.field(name)?.kind == .json { return headers(value, name, in: now) }
    let shown = now.stored[name]?.string ?? ""
    let old = before?.stored[name]?.string
    // DevLake's own mask that goes back keeps what is stored, whatever it is.
    if value == old { return .silent }
    guard let wanted = mask(of: value, name) else { return .silent }
    let isThere: Bool
    if plugin.field(name)?.mask == .githubToken {
      // DevLake keeps several tokens in no order (measured).
      isThere = Self.sorted(wanted) == Self.sorted(shown)
    } else {
      isThere = wanted == shown
    }
    guard isThere else { return .untaken(isOld: old.map { same($0, shown, name) } ?? false) }
    return before == nil || old.map { !same($0, wanted, name) } ?? true
      ? .taken(isNew: true) : .silent
  }

  private func same(_ lhs: String, _ rhs: String, _ name: String) -> Bool {
    plugin.field(name)?.mask == .githubToken ? Self.sorted(lhs) == Self.sorted(rhs) : lhs == rhs
  }

  /// What DevLake shows of a secret; `nil` where it shows nothing, or what is not known.
  private func mask(of value: String, _ name: String) -> String? {
    if value.isEmpty {
      // Every other secret is kept when an empty one is sent.
      let isEmptied = plugin.field(name)?.isClearedByEmpty == true || plugin.emptiesUnusedSecrets
      return isEmptied ? "" : nil
    }
    // A mask cuts characters of several bytes, and what JSON makes of the halves is not known.
    guard value.utf8.allSatisfy({ $0 < 0x80 }) else { return nil }
    switch plugin.field(name)?.mask {
    case .generic: return SecretMask.generic(value)
    case .githubToken:
      // One that is itself a mask stands for a stored token, and shows the same again.
      return value.split(separator: ",").map { token in
        token.contains("****") ? String(token) : SecretMask.githubToken(String(token))
      }
      .joined(separator: ",")
    case .githubPEM: return value.utf8.count < 100 ? nil : SecretMask.githubPEM(value)
    case .databaseURL, .empty, nil: return nil
    case .some(.none): return value
    }
  }

  private static func sorted(_ tokens: String) -> [String] {
    tokens.split(separator: ",").map(String.init).sorted()
  }
}
