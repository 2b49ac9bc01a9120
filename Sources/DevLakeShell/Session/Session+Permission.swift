import DevLakeKit

/// What the instance in use lets a command do: read-only ones are not changed, protected ones only by
/// who names them.
///
/// An entry of instances.yaml holds for its address, however that was named; `--read-only` holds for
/// every address, as long as the session lasts.
extension Session {
  /// Makes sure that a command may change what it is about to change; before anything is sent.
  func permit(_ call: Call) async throws(Failure) {
    // These change something only with what is in their words, and ask then.
    guard call.signature.changes, !["api", "connect", "keys"].contains(call.signature.name),
      !call.flag("dry-run")
    else { return }
    try await permitChange("'\(call.signature.name)'", on: call.text("on"))
  }

  /// Makes sure that something may be changed; `name` is what `--on` says.
  ///
  /// On a protected instance its name is asked for: `--yes` and `--force` are no answer to that.
  func permitChange(_ what: String, on name: String?) async throws(Failure) {
    let entries = try await permitWrite(what, naming: name)
    do throws(Failure) {
      try await permitProtected(what, on: name, entries)
    } catch {
      note(refusal: error, of: what, entries.first?.url, "protected")
      throw error
    }
  }

  private func permitProtected(
    _ what: String,
    on name: String?,
    _ entries: [NamedInstance]
  ) async throws(Failure) {
    let protected = entries.filter(\.isProtected).map(\.name)
    if let name {
      // What is named is meant, and nothing else.
      guard !entries.contains(where: { $0.name == name }) else { return }
      let meant = entries.first.map { "the instance '\($0.name)'" } ?? "a DevLake without that name"
      throw .unasked("--on \(name): \(what) would go to \(meant); nothing was sent", flags: [])
    }
    guard let first = protected.first else { return }
    guard conversation.canAsk else {
      throw .unasked(
        "'\(first)' is protected: \(what) needs its name; nothing was sent",
        flags: ["--on \(first)"]
      )
    }
    let answer = try await conversation.ask("'\(first)' is protected. Type its name to continue: ")
    guard let answer, protected.contains(answer) else {
      throw .unasked(
        "the name of the protected instance '\(first)' was not confirmed; nothing was sent",
        flags: ["--on \(first)"]
      )
    }
  }

  /// Makes sure that the instance is not read-only.
  ///
  /// - Returns: The entries of instances.yaml for the DevLake in use.
  @discardableResult
  func permitWrite(
    _ what: String,
    naming name: String? = nil
  ) async throws(Failure) -> [NamedInstance] {
    let named = try explicitAddress()
    let instances = try namedInstances()
    let hasRules = instances?.all.contains { $0.isReadOnly || $0.isProtected } ?? false
    guard options.isReadOnly || hasRules || name != nil else { return [] }
    // Without a name the DevLake is found by reading.
    let url: ServerURL
    if let named {
      url = named.url
    } else if options.isReadOnly, server.instance == nil {
      throw refused(what, "this session is read-only (--read-only)")
    } else {
      url = try await connected().url
    }
    let entries = instances?.entries(at: url) ?? []
    var reason: String?
    if options.isReadOnly {
      let name = entries.first.map { "'\($0.name)'" } ?? url.text
      reason = "\(name) is read-only (--read-only)"
    } else if let entry = entries.first(where: \.isReadOnly) {
      reason = "'\(entry.name)' is read-only (readOnly in instances.yaml)"
    }
    guard let reason else { return entries }
    let refusal = refused(what, reason)
    note(refusal: refusal, of: what, url, "read-only")
    throw refusal
  }

  /// Keeps in the log that someone tried; a log that cannot be written lets nothing through.
  private func note(
    refusal: Failure,
    of what: String,
    _ url: ServerURL?,
    _ restriction: String
  ) {
    guard refusal.diagnostic.code == .refused, let url, let log = journal.auditLog else { return }
    let record: JSONObject = [
      "time": .string(AuditLog.now), "user": .string(journal.userName),
      "instance": .string(url.text),
      "command": .string(what.replacing("'", with: "")), "plugin": "", "id": .null, "name": "",
      "action": "refused", "changes": [], "outcome": "refused",
      "message": .string(refusal.diagnostic.message), "restriction": .string(restriction),
    ]
    do throws(FileError) {
      try log.append(redactor.hiding(.object(record)).object ?? record)
    } catch {
      warnOnce("the refusal is not in the audit log: \(error.description)")
    }
  }

  private func refused(_ what: String, _ reason: String) -> Failure {
    .unasked("\(reason): \(what) is not run, nothing was sent", flags: [])
  }

  /// What carries requests, behind the gate of read-only instances.
  func transport(_ options: TransportOptions) throws(Failure) -> any HTTPTransport {
    let inner = world.transport(options)
    let isReadOnly = self.options.isReadOnly || self.options.isAgent
    let instances: NamedInstances?
    do throws(Failure) {
      instances = try namedInstances()
    } catch {
      // Which instances are read-only is not known: changes are refused where they begin, by this
      // very error, and reading goes on.
      return ReadOnlyTransport(inner, isReadOnly: true, because: "--read-only", instances: nil)
    }
    guard isReadOnly || instances?.all.contains(where: \.isReadOnly) == true else { return inner }
    return ReadOnlyTransport(
      inner,
      isReadOnly: isReadOnly,
      because: "--read-only",
      instances: instances
    )
  }

  /// How the DevLake in use is shown where it may not be changed freely; `nil`: it may.
  var restriction: String? {
    if options.isReadOnly { return "read-only" }
    // A file that cannot be read is told where it matters.
    guard let url = server.instance?.url, let instances = try? namedInstances() else { return nil }
    let entries = instances.entries(at: url)
    if entries.contains(where: \.isReadOnly) { return "read-only" }
    return entries.contains(where: \.isProtected) ? "protected" : nil
  }
}
