import DevLakeKit

/// A command whose results of several instances are told in one table.
protocol FleetCommand: Command {
  /// The titles of the columns behind `Instance`.
  var fleetColumns: [Table.Column] { get }

  /// The rows one instance's data gives, a cell for each column.
  func fleetRows(of data: JSONValue) -> [[String]]
}

/// A command that knows itself what `--instances` means, as it asks no DevLake.
protocol LocalFleetCommand: Command {}

/// What one command came to on several instances.
struct FleetReport {
  let answers: [(name: String, answer: Result<CommandResult, Failure>)]
  let command: any Command

  func result() throws(Failure) -> CommandResult {
    let failures = answers.compactMap { entry in entry.answer.failure.map { (entry.name, $0) } }
    if Task.isCancelled || failures.contains(where: { $0.1.exitCode == .interrupted }) {
      throw .interrupted
    }
    var result = CommandResult(output(failures), exitCode: code)
    for (name, answer) in successes {
      result.notes += answer.notes.map { "\(name): \($0.drop { $0 == " " })" }
      result.remarks += answer.remarks.map { "\(name): \($0.drop { $0 == " " })" }
    }
    result.error = error(failures)
    result.showsFailure = failures.isEmpty && successes.allSatisfy(\.1.showsFailure)
    return result
  }

  private var successes: [(String, CommandResult)] {
    answers.compactMap { entry in
      guard case .success(let result) = entry.answer else { return nil }
      return (entry.name, result)
    }
  }

  /// One that all share; differences found are not failure of those that have none; else: some failed.
  private var code: ExitCode {
    var codes = Set<ExitCode>()
    for (_, answer) in answers {
      switch answer {
      case .success(let result): codes.insert(result.exitCode)
      case .failure(let failure): codes.insert(failure.exitCode)
      }
    }
    if codes == [.success, .differences] { return .differences }
    return codes.count == 1 ? codes.first ?? .success : .partial
  }

  private func error(_ failures: [(String, Failure)]) -> Diagnostic? {
    let told =
      failures.map { ($0.0, $0.1.diagnostic) }
      + successes.compactMap { name, result in result.error.map { (name, $0) } }
    guard let (_, first) = told.first else { return nil }
    return Diagnostic(
      code: first.code,
      message: Survey.grouped(told.map { ($0.0, $0.1.message) }).joined(separator: "; "),
      help: told.count == 1 ? first.help : nil
    )
  }

  private func output(_ failures: [(String, Failure)]) -> Output {
    var output = Output(
      data: .array(successes.flatMap { Self.records($0.1.output.data, of: $0.0) }),
      view: view(failures)
    )
    let fields = successes.compactMap(\.1.output.fields).first
    output.fields = ["instance"] + (fields ?? [])
    output.known = ["instance"]
    output.failures =
      successes.flatMap { name, result in
        result.output.failures.flatMap { Self.records($0, of: name) }
      }
      + failures.map { name, failure in
        .object(["instance": .string(name), "error": Self.json(failure.diagnostic)])
      }
    return output
  }

  private static func records(_ data: JSONValue, of name: String) -> [JSONValue] {
    let start: JSONObject = ["instance": .string(name)]
    let elements = data.array ?? (data.isNull ? [] : [data])
    return elements.map { element in
      var record = start
      guard let members = element.object?.members else {
        record["value"] = element
        return .object(record)
      }
      for member in members where member.key != "instance" { record[member.key] = member.value }
      return .object(record)
    }
  }

  private static func json(_ diagnostic: Diagnostic) -> JSONValue {
    var error: JSONObject = [
      "code": .string(diagnostic.code.rawValue), "message": .string(diagnostic.message),
    ]
    if let help = diagnostic.help { error["help"] = .string(help) }
    return .object(error)
  }

  private func view(_ failures: [(String, Failure)]) -> Output.View {
    if let command = command as? any FleetCommand {
      return table(command.fleetColumns, failures) { command.fleetRows(of: $0.output.data) }
    }
    let views = successes.map(\.1.output.view)
    if views.contains(where: { if case .records = $0 { true } else { false } }) { return .records }
    let tables = views.compactMap { view in if case .table(let table) = view { table } else { nil }
    }
    if let columns = tables.max(by: { $0.columns.count < $1.columns.count })?.columns {
      return table(columns, failures) { result in
        if case .table(let table) = result.output.view { table.rows } else { [] }
      }
    }
    return documents(failures)
  }

  /// One table with a column for the instance, and one for what went wrong where something did.
  private func table(
    _ columns: [Table.Column],
    _ failures: [(String, Failure)],
    _ rows: (CommandResult) -> [[String]]
  ) -> Output.View {
    var columns = [Table.Column("Instance")] + columns
    if !failures.isEmpty { columns.append(.init("Error", canShrink: true)) }
    var all: [[String]] = []
    for (name, answer) in answers {
      switch answer {
      case .success(let result): all += rows(result).map { [name] + $0 }
      case .failure(let failure):
        let blanks = [String](repeating: "", count: columns.count - 2)
        all.append([name] + blanks + ["❌ \(failure.diagnostic.message)"])
      }
    }
    if all.isEmpty { return .lines(["Nothing found on \(answers.count) instances."]) }
    return .table(Table(columns: columns, rows: all))
  }

  /// Texts one below the other, each under its instance's name; as YAML they are documents.
  private func documents(_ failures: [(String, Failure)]) -> Output.View {
    var lines: [String] = []
    for (name, answer) in answers {
      lines += ["---", "# instance: \(name)"]
      switch answer {
      case .failure(let failure): lines.append("# ❌ \(failure.diagnostic.message)")
      case .success(let result):
        if case .lines(let own) = result.output.view { lines += own }
      }
    }
    return .lines(lines)
  }
}

extension Fleet {
  /// Runs a reading command on every member.
  func result(of command: any Command, _ call: Call) async throws(Failure) -> CommandResult {
    let answers = await each { (member) async throws(Failure) in
      try await command.run(call, in: member).marked(lacking: member.findings.gaps)
    }
    return try FleetReport(answers: answers, command: command).result()
  }
}
