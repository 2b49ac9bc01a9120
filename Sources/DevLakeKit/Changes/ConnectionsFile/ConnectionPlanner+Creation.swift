extension ConnectionPlanner {
  /// A connection DevLake does not have yet.
  func creation(
    _ match: Match,
    _ secrets: [String: Finding],
    _ others: [Connection]
  ) -> PlannedChange {
    let desired = match.desired
    let plugin = desired.plugin
    var change = PlannedChange(.create, plugin, name: desired.name)
    change.desired = desired
    change.body = plainBody(of: desired)
    if let mistake = desired.methodMistake { change.problems.append(mistake) }
    for field in plugin.fields
    where desired.values[field.name] == 0 && plugin.makesItsOwn(of: field) {
      change.notes.append(
        "\(field.name) 0 means \(plugin.standard(of: field).text) here: DevLake keeps no 0"
      )
    }
    for field in plugin.fields
    where field.isSecret && desired.requires(field) && desired.secret(field.name) == nil {
      change.problems.append(
        ConnectionsFileMistake(
          message: "\"\(ServerText.line(desired.name))\" would be created, and a new "
            + "\(plugin.displayName) connection needs '\(field.name)'",
          place: desired.place,
          help: "write a reference: \(field.name): env:NAME"
        )
      )
    }
    addChoiceProblem(&change, desired)
    for (field, parts) in desired.secretsByField {
      let name = field.name
      change.secrets.append((name, .changed))
      switch secrets[name] ?? .postponed {
      case .found(let value): change.body[name] = .secret(value)
      case .missing(let reason):
        change.secrets[change.secrets.count - 1].state = .unresolved
        change.problems.append(
          ConnectionsFileMistake(
            message: "\(name) is needed: \(reason)",
            place: parts.first?.place ?? desired.place
          )
        )
      case .postponed:
        change.body[name] = .secret(Secret(Secret.placeholder))
        change.notes.append("\(name): asked for when applied")
      }
    }
    change.fields = change.body.createdFields
    let near = others.first {
      $0.key.plugin == plugin.id && ConnectionName.resembles($0.name, desired.name)
    }
    if let near {
      change.notes.append(
        "\(near.key) is named \"\(ServerText.line(near.name))\", which differs only in case"
      )
    }
    return change
  }

  /// Of a plugin that takes one of several secrets and stores no choice, DevLake demands one, and
  /// sends two together for ever (measured).
  private func addChoiceProblem(_ change: inout PlannedChange, _ desired: DesiredConnection) {
    let plugin = desired.plugin
    guard plugin.isKnown, !plugin.storesAuthMethod, plugin.authMethods.count > 1 else { return }
    let names = plugin.authMethods.map(\.secretField)
    let given = names.filter { desired.secret($0) != nil }
    let message: String
    switch given.count {
    case 0:
      message =
        "\"\(ServerText.line(desired.name))\" is to be created, and a new \(plugin.displayName) "
        + "connection needs \(names.map { "'\($0)'" }.joined(separator: " or "))"
    case 1: return
    default:
      message =
        "a \(plugin.displayName) connection takes \(names.map { "'\($0)'" }.joined(separator: " or ")), "
        + "and DevLake would send both for ever"
    }
    change.problems.append(
      ConnectionsFileMistake(
        message: message,
        place: desired.place,
        help: given.isEmpty ? "write where it is: \(names[0]): env:NAME" : "leave one out"
      )
    )
  }

  /// What the file gives, and DevLake's defaults where it would not put them in itself.
  private func plainBody(of desired: DesiredConnection) -> RequestBody {
    var body = RequestBody()
    for field in desired.plugin.fields where !field.isSecret {
      if field.name == "name" {
        body["name"] = .json(.string(desired.name))
      } else if let value = desired.values[field.name] {
        body[field.name] = .json(desired.plugin.canonical(value, of: field))
      } else if desired.plugin.isKnown, desired.uses(field),
        field.standard != nil || desired.plugin.hasStandard(field)
      {
        body[field.name] = .json(desired.plugin.standard(of: field))
      }
    }
    for member in desired.values.members where body[member.key] == nil {
      body[member.key] = .json(member.value)
    }
    return body
  }
}
