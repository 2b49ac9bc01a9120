import DevLakeKit
import ShellLanguage

/// The connections of `create --from FILE`: the rows of a CSV file by its header, or a list of records
/// in JSON.
///
///     plugin,name,org,endpoint,token
///     github,Core,core,,env:CORE_TOKEN
///
/// A column is an option of `create` without its hyphens, or a field by DevLake's name. An empty cell is
/// as good as none.
struct CreationFile {
  /// One connection: the call that would make it alone.
  struct Row {
    var plugin: PluginDescriptor
    var call: Call
  }

  private(set) var rows: [Row] = []
  private(set) var mistakes: [Diagnostic] = []
  /// The cells that may hold a secret, hidden wherever a line of the file is shown.
  private(set) var secretSpans: [SourceSpan] = []
  private let outer: Call
  private let source: SourceText

  /// A cell with the name of its column.
  private struct Cell {
    var column: String
    var value: String
    var span: SourceSpan
    /// Where the column is named.
    var columnSpan: SourceSpan
  }

  private static let names = ["organization": "org", "rateLimitPerHour": "rate-limit"]

  /// Reads the text; nothing is fetched and nobody is asked.
  init(_ source: SourceText, isJSON: Bool, for call: Call, in session: Session) {
    outer = call
    self.source = source
    for cells in isJSON ? records() : table() {
      if let row = row(cells, session) { rows.append(row) }
    }
    if rows.isEmpty, mistakes.isEmpty {
      complain(
        "'\(source.name)' lists no connection",
        SourceSpan(lower: 0, upper: 0),
        help: "the first line must name the columns: plugin,name,org,endpoint,token"
      )
    }
    for index in mistakes.indices { mistakes[index].hidden += secretSpans }
  }

  private mutating func table() -> [[Cell]] {
    let csv = CSVRecords(source.text)
    for mistake in csv.mistakes {
      complain(mistake.message, mistake.span, help: mistake.help)
      // What is on such a line may be a secret.
      secretSpans.append(SourceSpan(lower: 0, upper: source.text.utf8.count))
    }
    guard let header = csv.records.first else { return [] }
    var seen: Set<String> = []
    for field in header.fields {
      if field.text.isEmpty { complain("a column has no name", field.span) }
      if !seen.insert(field.text).inserted {
        complain("two columns are named '\(field.text)'", field.span)
      }
    }
    return csv.records.dropFirst().compactMap { record in
      guard record.fields.count == header.fields.count else {
        secretSpans += record.fields.map(\.span)
        complain(
          "\(record.fields.count) cells, but the header has \(header.fields.count)",
          record.span,
          help: "quote a cell that contains a comma"
        )
        return nil
      }
      return zip(header.fields, record.fields).map { name, field in
        Cell(column: name.text, value: field.text, span: field.span, columnSpan: name.span)
      }
    }
  }

  private mutating func records() -> [[Cell]] {
    let text = ConnectionsFileText(source, folder: "")
    let whole: PlacedValue
    do throws(YAMLMistake) {
      whole = try YAML.parsePlaced(source.text)
    } catch {
      secretSpans.append(SourceSpan(lower: 0, upper: source.text.utf8.count))
      complain(
        "not JSON: \(error.reason)",
        text.span(of: TextPlace(line: error.line, column: error.column))
      )
      return []
    }
    guard let elements = whole.elements else {
      complain(
        "expected a list of records",
        text.span(of: whole.place),
        help: "[{\"plugin\":…}, …]"
      )
      return []
    }
    return elements.compactMap { element in
      guard let members = element.members else {
        complain(
          "expected a record",
          text.span(of: element.place),
          help: "{\"plugin\":\"github\", …}"
        )
        return nil
      }
      return members.compactMap { member in
        let span = text.span(of: member.value.place)
        guard let scalar = member.value.scalar else {
          complain("'\(member.key)' must be text, a number, true or false", span)
          return nil
        }
        return Cell(
          column: member.key,
          value: Value.data(scalar).text ?? "",
          span: span,
          columnSpan: text.span(of: member.place)
        )
      }
    }
  }

  private mutating func row(_ cells: [Cell], _ session: Session) -> Row? {
    let before = mistakes.count
    var call = Call(
      signature: outer.signature,
      source: source,
      span: SourceSpan(lower: cells.first?.span.lower ?? 0, upper: cells.last?.span.upper ?? 0),
      nameSpan: cells.first?.span ?? SourceSpan(lower: 0, upper: 0)
    )
    for name in ["env-file", "skip-cleanup", "plugin"] {
      if let given = outer.option(name),
        !cells.contains(where: { $0.column == name && !$0.value.isEmpty })
      {
        call.add(option: name, given)
      }
    }
    let plugin = cells.first { $0.column == "plugin" && !$0.value.isEmpty }
    if let plugin {
      add(
        "plugin",
        ValueCheck(
          kind: .plugin,
          name: "plugin",
          serverPlugins: session.inventory.serverPlugins ?? []
        ),
        plugin,
        to: &call
      )
    }
    // What is not a plugin has its mistake already.
    if plugin != nil, call.option("plugin") == nil { return nil }
    guard let name = call.text("plugin") ?? session.selectedPlugin?.id else {
      complain(
        "no plugin is named",
        call.span,
        help: "add a column 'plugin', or give --plugin PLUGIN"
      )
      return nil
    }
    let descriptor = session.plugin(name)
    for cell in cells where cell.column != "plugin" { read(cell, descriptor, into: &call) }
    if !descriptor.issuedSecret.isEmpty {
      complain(
        "DevLake returns the key of a \(descriptor.displayName) connection only once",
        plugin?.span ?? call.span,
        help: "create it alone, with --secret-file FILE"
      )
    }
    return mistakes.count == before ? Row(plugin: descriptor, call: call) : nil
  }

  private mutating func read(_ cell: Cell, _ plugin: PluginDescriptor, into call: inout Call) {
    let name = Self.names[cell.column] ?? cell.column
    let option = FieldOptions.all.first { $0.name == name && $0.name != "field" }
    let field = plugin.field(cell.column)
    let isSecret = option?.kind == .secret || field?.isSecret ?? SecretFields.isSecret(cell.column)
    if isSecret, !SecretReference.isPlain(cell.value) { secretSpans.append(cell.span) }
    guard !cell.value.isEmpty else { return }
    if isSecret, let mistake = referenceMistake(cell) { return mistakes.append(mistake) }
    if let option {
      if option.kind == .flag {
        switch cell.value {
        case "true":
          call.add(option: name, ArgumentValue(value: .data(true), span: cell.span, source: source))
        case "false": break
        default: complain("'\(cell.column)' must be true or false, not '\(cell.value)'", cell.span)
        }
        return
      }
      return add(name, ValueCheck(kind: option.kind, name: cell.column), cell, to: &call)
    }
    guard field != nil || !plugin.isKnown else {
      let known = FieldOptions.all.map(\.name) + plugin.fields.map(\.name)
      return complain(
        "\(plugin.displayName) has no '\(cell.column)'",
        cell.columnSpan,
        help: Suggestion.closest(to: cell.column, among: known).map { "did you mean '\($0)'?" }
          ?? "columns are the options of 'create' and DevLake's fields: 'plugins \(plugin.id)'"
      )
    }
    // '@FILE' is read, and its references are followed.
    guard !cell.value.hasPrefix("@") || outer.flag("allow-cmd") else {
      return mistakes.append(refusal(of: "@", in: cell))
    }
    call.add(
      option: "field",
      ArgumentValue(value: .text("\(cell.column)=\(cell.value)"), span: cell.span, source: source)
    )
  }

  /// A file of data runs and reads nothing unless the person who gives it says so.
  private func referenceMistake(_ cell: Cell) -> Diagnostic? {
    if let scheme = ["cmd:", "file:"].first(where: cell.value.hasPrefix) {
      return outer.flag("allow-cmd") ? nil : refusal(of: scheme, in: cell)
    }
    guard cell.value == "-" || cell.value == "prompt" else { return nil }
    return Diagnostic(
      code: .refused,
      message: "'\(cell.value)' is not allowed in a file",
      span: cell.span,
      source: source,
      help: "write env:NAME"
    )
  }

  private func refusal(of scheme: String, in cell: Cell) -> Diagnostic {
    Diagnostic(
      code: .refused,
      message: "'\(scheme)' in a file of data is not followed",
      span: cell.span,
      source: source,
      help: "use --allow-cmd to allow it"
    )
  }

  private mutating func add(
    _ option: String,
    _ check: ValueCheck,
    _ cell: Cell,
    to call: inout Call
  ) {
    let given = ArgumentValue(value: .text(cell.value), span: cell.span, source: source)
    do throws(Failure) {
      try check.check(given)
      call.add(option: option, given)
    } catch {
      mistakes.append(error.placed(at: given).diagnostic)
    }
  }

  private mutating func complain(_ message: String, _ span: SourceSpan, help: String? = nil) {
    mistakes.append(
      Diagnostic(code: .invalid, message: message, span: span, source: source, help: help)
    )
  }
}
