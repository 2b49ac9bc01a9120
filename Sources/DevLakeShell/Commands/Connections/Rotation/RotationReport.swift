import DevLakeKit

/// What became of all connections of a bulk rotation, as a table.
struct RotationReport {
  let entries: [ChangeReport.Entry]

  var result: CommandResult {
    var result = ChangeReport(entries: entries).result
    result.output.view = .table(table)
    result.notes = hints
    let isNothingDone = !entries.contains {
      [.rotated, .updated, .unchanged].contains($0.action)
    }
    if isNothingDone, let failure = entries.compactMap(\.failure).first {
      // Those that were not tried do not make it partly done.
      result.exitCode = failure.exitCode
    }
    return result
  }

  private var table: Table {
    Table(
      columns: [
        .init("Plugin", priority: 95), .init("ID", alignment: .trailing, priority: 95),
        .init("Name", priority: 80, canShrink: true), .init("Result", priority: 100),
        .init("Message", priority: 90, canShrink: true),
      ],
      rows: entries.map { entry in
        [
          entry.plugin, entry.id.map(String.init) ?? "", entry.name, entry.action.rawValue,
          entry.message ?? "",
        ]
      },
      footer: [summary]
    )
  }

  /// `✅ 49 rotated`, or `❌ 48 rotated, 1 failed`.
  var summary: String {
    let order: [ChangeReport.Action] = [
      .rotated, .updated, .unchanged, .skipped, .refused, .failed, .unknown,
    ]
    let counts = order.compactMap { action -> String? in
      let count = entries.count { $0.action == action }
      return count == 0 ? nil : "\(count) \(action.rawValue)"
    }
    let isFine = !entries.contains { $0.action.isFailure || $0.action == .skipped }
    return "\(isFine ? "✅" : "❌") \(counts.joined(separator: ", "))"
  }

  /// How to fix what failed, each advice once.
  private var hints: [String] {
    var keys: [(hint: String, keys: [String])] = []
    for entry in entries where entry.action.isFailure {
      guard let hint = entry.test?.hint ?? entry.failure?.diagnostic.help else { continue }
      let key = "\(entry.plugin)/\(entry.id ?? 0)"
      if let index = keys.firstIndex(where: { $0.hint == hint }) {
        keys[index].keys.append(key)
      } else {
        keys.append((hint, [key]))
      }
    }
    return keys.map { "   💡 \($0.keys.joined(separator: ", ")): \($0.hint)" }
  }
}
