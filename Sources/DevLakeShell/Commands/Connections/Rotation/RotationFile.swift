import DevLakeKit
import ShellLanguage

/// The connections and the references to their new secrets, one a line: `rotate --from FILE`.
///
///     plugin,id-or-name,REF
///     github,1,env:GITHUB_ACME
///     jenkins,"CI, production",cmd:vault kv get -field=password ci/jenkins
struct RotationFile {
  /// One connection.
  struct Row {
    let plugin: PluginDescriptor
    /// Where the plugin stands.
    let pluginPlace: ArgumentValue
    /// An id, where the text is digits; else a name.
    let connection: ArgumentValue
    let reference: SecretReference
    /// Where the reference stands.
    let place: ArgumentValue
  }

  let source: SourceText
  private(set) var rows: [Row] = []
  private(set) var mistakes: [Diagnostic] = []
  /// The plugins the server is known to have.
  private let serverPlugins: [String]
  /// Whether a secret itself is in it.
  var holdsSecret: Bool { rows.contains { $0.reference.isSpelledOut } }

  static let header = "plugin,id-or-name,REF"
  private static let titles: [Set<String>] = [
    ["plugin"], ["id-or-name", "id", "name", "connection"],
    ["ref", "reference", "token", "secret", "password"],
  ]

  /// Reads the text; nothing is fetched.
  init(name: String, text: String, serverPlugins: [String] = []) {
    self.serverPlugins = serverPlugins
    let text = text.hasPrefix("\u{FEFF}") ? String(text.unicodeScalars.dropFirst()) : text
    source = SourceText(name: name, text: text)
    let csv = CSVRecords(text)
    for mistake in csv.mistakes {
      // What is on such a line may be a secret.
      complain(mistake.message, mistake.span, help: mistake.help, hides: wholeText)
    }
    var records = csv.records[...]
    if let first = records.first, first.fields.first?.text.lowercased() == "plugin" {
      records.removeFirst()
      check(header: first)
    }
    var lines: [String: SourceSpan] = [:]
    for record in records { read(record, &lines) }
    if rows.isEmpty, mistakes.isEmpty {
      complain(
        "'\(name)' lists no connection",
        nil,
        help: "a line is \(Self.header), as github,1,env:NEW_TOKEN"
      )
    }
    mistakes.sort { ($0.span?.lower ?? 0) < ($1.span?.lower ?? 0) }
  }

  private mutating func check(header: CSVRecords.Record) {
    let names = header.fields.map { $0.text.lowercased() }
    guard names.count != 3 || !zip(names, Self.titles).allSatisfy({ $1.contains($0) }) else {
      return
    }
    complain(
      "these are not the columns of a rotation file",
      header.span,
      help: "write \(Self.header), in this order",
      hides: zip(header.fields, names).filter { name in
        !Self.titles.contains { $0.contains(name.1) }
      }.map(\.0.span)
    )
  }

  private mutating func read(_ record: CSVRecords.Record, _ lines: inout [String: SourceSpan]) {
    guard record.fields.count == 3 else {
      let count = record.fields.count
      let place = count > 3 ? record.fields[3].span : record.span
      complain(
        "a line has 3 fields, not \(count)",
        place,
        help: count > 3
          ? "put a field that contains a comma in quotes" : "write \(Self.header)",
        hides: hiding(record, from: 1)
      )
      return
    }
    let (plugin, connection, place) = (record.fields[0], record.fields[1], record.fields[2])
    // Behind the wrong separator, or in swapped columns, the secret is where the connection should.
    let isID = ConnectionKey.id(connection.text) != nil
    let hidden = hiding(record, from: isID || SecretReference.isPlain(place.text) ? 2 : 1)
    guard !plugin.text.isEmpty, !connection.text.isEmpty else {
      let empty = plugin.text.isEmpty ? plugin : connection
      let what = plugin.text.isEmpty ? "plugin" : "connection"
      complain("the \(what) is missing", empty.span, help: "write \(Self.header)", hides: hidden)
      return
    }
    guard let descriptor = descriptor(plugin, hidden) else { return }
    if connection.text.allSatisfy({ $0.isASCII && $0.isNumber }),
      ConnectionKey.id(connection.text) == nil
    {
      complain(
        "'\(connection.text)' is not a connection ID",
        connection.span,
        help: "an id is a whole number from 1; write a name of digits as name:\(connection.text)",
        hides: hidden
      )
      return
    }
    if let earlier = lines.updateValue(record.span, forKey: "\(descriptor.id)/\(connection.text)") {
      complain(repeated(earlier), connection.span, hides: hidden)
      return
    }
    do throws(SecretReferenceError) {
      rows.append(
        Row(
          plugin: descriptor,
          pluginPlace: given(plugin),
          connection: given(connection),
          reference: try SecretReference(place.text),
          place: given(place)
        )
      )
    } catch {
      let isEmpty = place.text.isEmpty
      complain(
        isEmpty ? "the reference to the new secret is missing" : error.description,
        isEmpty ? record.span : place.span,
        help: "write env:NAME, file:PATH or cmd:COMMAND",
        hides: hidden
      )
    }
  }

  private mutating func descriptor(
    _ field: CSVRecords.Field,
    _ hidden: [SourceSpan]
  ) -> PluginDescriptor? {
    let registry = PluginRegistry.standard
    if registry[field.text] == nil, !serverPlugins.contains(field.text),
      let near = Suggestion.closest(to: field.text, among: registry.names + serverPlugins)
    {
      complain(
        "no plugin named '\(ServerText.line(field.text))'",
        field.span,
        help: "did you mean '\(near)'?",
        hides: hidden
      )
      mistakes[mistakes.count - 1].unknownPlugin = field.text
      return nil
    }
    // Plugins are named in small letters; a secret seldom is.
    let isName = field.text.allSatisfy { character in
      character.isASCII && (character.isLowercase || character.isNumber || "_-".contains(character))
    }
    guard registry[field.text] != nil || isName else {
      complain(
        "no plugin has such a name",
        field.span,
        help: "write \(Self.header), in this order",
        hides: hidden + [field.span]
      )
      return nil
    }
    return registry.descriptor(for: field.text)
  }

  private func given(_ field: CSVRecords.Field) -> ArgumentValue {
    ArgumentValue(value: .data(.string(field.text)), span: field.span, source: source)
  }

  private var wholeText: [SourceSpan] { [SourceSpan(lower: 0, upper: source.text.utf8.count)] }

  private func hiding(_ record: CSVRecords.Record, from first: Int) -> [SourceSpan] {
    // Whoever swaps the columns has the secret where a plugin is wanted.
    let isPlugin = record.fields.first.map { PluginRegistry.standard[$0.text] != nil } ?? true
    return record.fields.dropFirst(isPlugin ? first : 0)
      .filter { !SecretReference.isPlain($0.text) }.map(\.span)
  }

  private mutating func complain(
    _ message: String,
    _ span: SourceSpan?,
    help: String? = nil,
    hides hidden: [SourceSpan] = []
  ) {
    mistakes.append(
      Diagnostic(
        code: .invalid,
        message: message,
        span: span,
        source: span == nil ? nil : source,
        help: help,
        hidden: hidden
      )
    )
  }
}

extension RotationFile {
  /// That a connection is in the file twice.
  func repeated(_ earlier: SourceSpan) -> String {
    let line = LineTable(source).place(of: earlier).line
    return "duplicate of line \(line)"
  }
}
