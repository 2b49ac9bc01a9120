import DevLakeKit
import LineEditing

extension Interpreter {
  /// The result with the fields of `--fields` alone.
  ///
  /// A field nobody has is a mistake; after a command that has changed something it is a warning, as
  /// what was done must be told.
  func selected(
    _ result: CommandResult,
    by call: Call,
    in frame: Frame,
    _ session: Session
  ) throws(Failure) -> CommandResult {
    // What a definition says besides its rows has no fields.
    let isRow = result.output.records.contains { $0.object != nil }
    guard let given = call.option("fields") ?? (isRow ? frame.selectedFields : nil),
      !result.output.isNothing
    else { return result }
    let names = try FieldNames.read(given)
    var result = result
    do throws(UnknownField) {
      if ConnectionFields.commands.contains(call.signature.name) {
        // The catalog knows what connections have, also where there is none.
        result.output.known.formUnion(ConnectionFields.all)
      }
      result.output = try result.output.selecting(names)
    } catch {
      let failure = Failure.unknownField(error, at: given)
      guard call.signature.changes else { throw failure }
      session.conversation.warn(failure.diagnostic.message, help: failure.diagnostic.help)
    }
    return result
  }

  /// Writes a result, through the pager where it is too tall for the screen.
  func show(_ output: Output, as format: OutputFormat) {
    var text = session.heldSecrets.hiding(format.render(output, for: drawing))
    if format == .yaml {
      if session.takeYAML() { text = YAMLRenderer.separator + text }
    }
    if !format.isForMachines, wantsPager(text) {
      console.flush()
      let pager = Pager(
        environment: ChildEnvironment(session: session).inherited
      )
      if pager.show(text) { return }
    }
    console.write(text)
  }

  /// The medium of results with the colour the session has now and the width the terminal has: it
  /// may have been resized.
  var drawing: Medium {
    var medium = results
    if let columns = session.world.screenColumns?() { medium.width = columns }
    medium.hasColor = session.settings.color.isOn(
      isTerminal: results.isTerminal,
      environment: session.world.environment
    )
    return medium
  }

  /// The same for messages.
  var saying: Medium {
    var medium = messages
    if medium.isTerminal, let columns = session.world.screenColumns?() { medium.width = columns }
    medium.hasColor = session.settings.color.isOn(
      isTerminal: messages.isTerminal,
      environment: session.world.environment
    )
    return medium
  }

  private func wantsPager(_ text: String) -> Bool {
    guard let rows = session.world.screenRows?(), !text.isEmpty else { return false }
    switch session.settings.pager {
    case .on: return true
    case .off: return false
    case .auto: return text.rows(ofWidth: drawing.width) >= rows
    }
  }
}

extension String {
  /// The rows it takes on a screen, a line that is too long several.
  fileprivate func rows(ofWidth width: Int?) -> Int {
    split(separator: "\n", omittingEmptySubsequences: false).dropLast().reduce(0) { rows, line in
      guard let width, width > 0 else { return rows + 1 }
      // Styles take no room.
      let cells = DisplayWidth.cells(of: TerminalText.sanitized(String(line)))
      return rows + max(1, (cells + width - 1) / width)
    }
  }
}

extension Failure {
  /// That `--fields` names a field that no row has.
  static func unknownField(_ error: UnknownField, at given: ArgumentValue) -> Failure {
    .invalid(
      "no field named '\(error.name)'",
      at: given,
      help: error.suggestion.map { "did you mean '\($0)'?" }
        ?? "there are \(error.known.joined(separator: ", "))"
    )
  }
}
