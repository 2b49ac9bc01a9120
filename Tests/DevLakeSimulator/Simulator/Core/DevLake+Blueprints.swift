import DevLakeKit

/// The routes below `/blueprints`.
extension DevLake {
  mutating func blueprintAnswer(
    _ request: Request,
    _ segments: [String]
  ) throws(Failure)
    -> Answer?
  {
    switch (request.method, segments.count) {
    case ("GET", 1): return try listBlueprints(request)
    case ("POST", 1): return try createBlueprint(request)
    case ("GET", 2):
      let index = try blueprintIndex(segments[1], "error getting blueprint")
      return .json(blueprints[index].shown())
    case ("PATCH", 2): return try patchBlueprint(segments[1], request)
    case ("DELETE", 2): return try deleteBlueprint(segments[1])
    case ("POST", 3) where segments[2] == "trigger":
      let index = try blueprintIndex(segments[1], "error triggering blueprint")
      let blueprint = blueprints[index]
      let pipeline = addPipeline(
        name: blueprint.name,
        plan: blueprint.plan,
        blueprint: blueprint.id,
        status: .created
      )
      return .json(pipeline.shown(isNew: true))
    default: return nil
    }
  }

  private func listBlueprints(_ request: Request) throws(Failure) -> Answer {
    let page = try request.page()
    let type = request.parameter("type") ?? "ALL"
    guard ["ALL", "MANUAL", "DAILY", "WEEKLY", "MONTHLY", "CUSTOM", ""].contains(type) else {
      return .empty(400)
    }
    let label = request.parameter("label") ?? ""
    let all = blueprints.reversed().filter {
      label.isEmpty || ($0.labels.array ?? []).contains(.string(label))
    }
    return .json([
      "blueprints": .array(page.slice(Array(all)).map { $0.shown() }),
      "count": .integer(all.count),
    ])
  }

  private mutating func createBlueprint(_ request: Request) throws(Failure) -> Answer {
    let words = "error creating blueprint"
    let body = try request.coreBody()
    let missing = ["Name", "Mode"].filter { body.text($0.lowercased()).isEmpty }.map {
      "Key: 'Blueprint.\($0)' Error:Field validation for '\($0)' failed on the 'required' tag"
    }
    guard missing.isEmpty else {
      let complaints = missing.joined(separator: "\n")
      throw Failure(400, [.own(words, 400), .own(complaints, 400), .foreign(complaints)])
    }
    var blueprint = Blueprint(id: lastBlueprintID + 1, name: "", project: "", at: .now())
    blueprint.labels = nil
    blueprint.connections = nil
    blueprint.cronConfig = ""
    blueprint.enable = false
    blueprint.apply(body)
    try checkCron(blueprint, words)
    try plan(&blueprint, words, hidesSecrets: false)
    let answer = blueprint.shown(written: [.created, .updated])
    try plan(&blueprint, words)
    lastBlueprintID += 1
    blueprints.append(blueprint)
    return .json(answer, status: 201)
  }

  private func checkCron(_ blueprint: Blueprint, _ words: String) throws(Failure) {
    let cron = blueprint.cronConfig
    let count = cron.split(separator: " ").count
    guard !blueprint.isManual || !cron.isEmpty, count != 5 else { return }
    throw Failure(
      400,
      [
        .own(words, 400), .own("invalid cronConfig"),
        .foreign("expected exactly 5 fields, found \(count): [\(cron)]"),
      ]
    )
  }

  private mutating func patchBlueprint(_ id: String, _ request: Request) throws(Failure) -> Answer {
    let words = "error patching the blueprint"
    let body = try request.coreBody()
    let index = try blueprintIndex(id, words)
    var blueprint = blueprints[index]
    blueprint.apply(body)
    try checkCron(blueprint, words)
    if body["connections"] != nil || body["mode"] != nil { try plan(&blueprint, words) }
    blueprint.updatedAt = .now()
    blueprints[index] = blueprint
    return .json(blueprint.shown(written: [.updated]))
  }

  private mutating func deleteBlueprint(_ id: String) throws(Failure) -> Answer {
    let words = "error deleting blueprint"
    let index: Int
    do {
      index = try blueprintIndex(id, words)
    } catch {
      guard error.status == 404 else { throw error }
      throw Failure(
        404,
        [
          .own(words, 404), .own("could not find blueprint in DB", 404),
          .own("record not found", 404), .foreign("record not found"),
        ]
      )
    }
    let project = blueprints.remove(at: index).project
    for index in projects.indices where projects[index].name == project {
      projects[index].lostBlueprint = true
    }
    return .success
  }

  private func blueprintIndex(_ id: String, _ words: String) throws(Failure) -> Int {
    guard let number = UInt(id) else {
      throw Failure(
        400,
        [
          .own("bad blueprintId format supplied", 400),
          .foreign("strconv.ParseUint: parsing \"\(id)\""), .foreign("invalid syntax"),
        ]
      )
    }
    if let index = blueprints.firstIndex(where: { $0.id == number }) { return index }
    throw Failure(404, [.own(words, 404), .own("blueprint not found", 404)])
  }
}
