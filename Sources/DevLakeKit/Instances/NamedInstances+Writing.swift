/// Changes of the file of named instances.
///
/// People write that file, with comments and in their order: an entry is appended or cut out as text,
/// and the new text is written only if it has every other entry unchanged. Who changes it in the meantime
/// in an editor is seen by the lock's other users alone; the file is replaced as a whole.
extension NamedInstances {
  /// Appends an entry to the file at `path`, which is made where it is missing, for its owner alone.
  ///
  /// - Throws: ``NamedInstancesError``; the file is then as it was.
  package static func add(
    _ entry: NamedInstance,
    toFileAt path: String
  ) throws(NamedInstancesError) {
    try change(path, entry.name) { (text, before) throws(NamedInstancesError) in
      guard !before.contains(where: { $0.name == entry.name }) else {
        throw .exists(path: path, name: entry.name)
      }
      let isOpen = text.isEmpty || text.hasSuffix("\n")
      return (text + (isOpen ? "" : "\n") + YAML.write(entry.settings), before + [entry])
    }
  }

  /// Cuts an entry out of the file at `path`.
  ///
  /// - Throws: ``NamedInstancesError``; the file is then as it was.
  package static func remove(
    _ name: String,
    fromFileAt path: String
  ) throws(NamedInstancesError) {
    try change(path, name) { (text, before) throws(NamedInstancesError) in
      guard before.contains(where: { $0.name == name }) else {
        throw .missing(path: path, name: name)
      }
      return (cut(name, outOf: text), before.filter { $0.name != name })
    }
  }

  private static func change(
    _ path: String,
    _ name: String,
    _ edit: (String, [NamedInstance]) throws(NamedInstancesError) -> (String, [NamedInstance])
  ) throws(NamedInstancesError) {
    let file = StoredFile(path)
    TrustedAddresses.makeFolder(file.folder)
    let bytes: [UInt8]
    let lock: FileLock
    do throws(FileError) {
      lock = try FileLock.acquire(folder: file.folder)
      bytes = try file.readTrusted()?.bytes ?? []
    } catch {
      throw .file(error)
    }
    defer { lock.release() }
    let text = String(decoding: bytes, as: UTF8.self)
    let (changed, wanted) = try edit(text, try entries(of: text, path))
    guard let result = try? entries(of: changed, path), result == wanted else {
      throw .unchangeable(path: path, name: name)
    }
    do throws(FileError) {
      try file.replace(with: Array(changed.utf8))
    } catch {
      throw .file(error)
    }
  }

  /// The text without the lines of an entry: from its name to the next line that is not indented.
  ///
  /// What stands right above the next entry is about that one, and stays.
  private static func cut(_ name: String, outOf text: String) -> String {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let keys = ["\(name):", "\"\(name)\":", "'\(name)':"]
    guard let start = lines.firstIndex(where: { line in keys.contains { line.hasPrefix($0) } })
    else { return text }
    var end = start + 1
    while end < lines.count, lines[end].isEmpty || " \t#".contains(lines[end].prefix(1)) {
      end += 1
    }
    while end > start + 1, lines[end - 1].isEmpty || lines[end - 1].hasPrefix("#") { end -= 1 }
    lines.removeSubrange(start..<end)
    return lines.joined(separator: "\n")
  }
}

extension NamedInstance {
  /// The entry as the file has it; a secret that is spelled out cannot be written.
  var settings: JSONValue {
    var members: JSONObject = ["url": .string(url.text)]
    if let apiKey { members["apiKey"] = .string(apiKey.written) }
    if let user { members["user"] = .string(user) }
    if let password { members["password"] = .string(password.written) }
    if let certificateFile { members["caCert"] = .string(certificateFile) }
    if isReadOnly { members["readOnly"] = true }
    if isProtected { members["protected"] = true }
    if auditRequired { members["auditRequired"] = true }
    if let color { members["color"] = .string(color.rawValue) }
    return [name: .object(members)]
  }
}

extension SecretReference {
  /// The reference as it is typed; what is spelled out stays `***`, which no file takes.
  fileprivate var written: String {
    if case .command(let command) = place { return command.reveal { "cmd:" + $0 } }
    return description
  }
}
