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
    /// The last day on which the new secret is good, if the file says so.
    let expires: CalendarDay?
  }

  let source: SourceText
  private(set) var rows: [Row] = []
  private(set) var mistakes: [Diagnostic] = []
  /// Whether it has ends: a fourth column that is named, or records.
  private var hasEnds = false
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
    if Self.isStructured(name) {
      readStructure()
      finish()
      return
    }
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
    finish()
  }

  /// Whether a file's name says that it is JSON or YAML.
  private static func isStructured(_ name: String) -> Bool {
    [".json", ".yaml", ".yml"].contains(where: name.lowercased().hasSuffix)
  }

  private mutating func finish() {
    let name = source.name
    if rows.isEmpty, mistakes.isEmpty {
      complain(
        "'\(name)' lists no connection",
        nil,
        help: Self.isStructured(name)
          ? "write a list of records with plugin, id or name, and ref"
          : "a line is \(Self.header), as github,1,env:NEW_TOKEN"
      )
    }
    mistakes.sort { ($0.span?.lower ?? 0) < ($1.span?.lower ?? 0) }
  }

  /// Reads a list of records: `[{"plugin": "github", "id": 1, "ref": "env:NEW"}]`.
  private mutating func readStructure() {
    let text = ConnectionsFileText(source, folder: "")
    hasEnds = true
    let whole: PlacedValue
    do throws(YAMLMistake) {
      whole = try YAML.parsePlaced(source.text)
    } catch {
      let place = TextPlace(line: error.line, column: error.column)
      return complain(
        "no list of records: \(error.reason)",
        text.span(of: place),
        hides: wholeText
      )
    }
    let list = whole.elements ?? whole.members?.first { $0.key == "connections" }?.value.elements
    guard let list else {
      return complain(
        "a list of records is wanted",
        text.span(of: whole.place),
        help: "[{\"plugin\": \"github\", \"id\": 1, \"ref\": \"env:NEW\"}]",
        hides: wholeText
      )
    }
    var lines: [String: SourceSpan] = [:]
    for element in list {
      guard let record = record(element, text) else { continue }
      read(record, &lines)
    }
  }

  private mutating func record(
    _ element: PlacedValue,
    _ text: ConnectionsFileText
  ) -> CSVRecords.Record? {
    let titles = Self.titles + [["expires"]]
    var fields = [CSVRecords.Field?](repeating: nil, count: titles.count)
    guard let members = element.members else {
      complain("a record is wanted", text.span(of: element.place), hides: wholeText)
      return nil
    }
    for member in members {
      let place = text.span(of: member.value.place)
      guard let index = titles.firstIndex(where: { $0.contains(member.key.lowercased()) }) else {
        complain(
          "a rotation has no '\(ServerText.line(member.key))'",
          text.span(of: member.place),
          help: "it has plugin, id or name, ref, and expires",
          hides: wholeText
        )
        return nil
      }
      guard let scalar = member.value.scalar, fields[index] == nil else {
        complain("'\(member.key)' takes one text or number", place, hides: wholeText)
        return nil
      }
      fields[index] = CSVRecords.Field(text: Value.data(scalar).text ?? "", span: place)
    }
    let here = text.span(of: element.place)
    var record = CSVRecords.Record()
    for field in fields.prefix(3) {
      record.fields.append(field ?? CSVRecords.Field(text: "", span: here))
    }
    if let end = fields[3] { record.fields.append(end) }
    return record
  }

  private mutating func check(header: CSVRecords.Record) {
    let names = header.fields.map { $0.text.lowercased() }
    hasEnds = names.count == 4
    let isWhole = names.count == 3 || (names.count == 4 && names[3] == "expires")
    guard !isWhole || !zip(names, Self.titles).allSatisfy({ $1.contains($0) }) else {
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
    let expires = record.fields.count == 4 ? CalendarDay(written: record.fields[3].text) : nil
    if hasEnds, record.fields.count == 4, expires == nil, !record.fields[3].text.isEmpty {
      complain(
        "'expires' must be a date",
        record.fields[3].span,
        help: "write it like 2027-01-31",
        hides: hiding(record, from: 1)
      )
      return
    }
    let isWithoutEnd = hasEnds && record.fields.count == 4 && record.fields[3].text.isEmpty
    guard record.fields.count == 3 || expires != nil || isWithoutEnd else {
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
          place: given(place),
          expires: expires
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
