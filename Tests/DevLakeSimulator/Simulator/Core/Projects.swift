import DevLakeKit

/// A project; its blueprint is the one that names it.
struct Project: Sendable {
  var name: String
  var description: String
  var metrics: JSONValue
  let createdAt: Timestamp
  var updatedAt: Timestamp
  /// Whether its blueprint was deleted on its own, after which DevLake cannot delete it.
  var lostBlueprint = false
}

/// The routes below `/projects`.
extension DevLake {
  mutating func projectAnswer(_ request: Request, _ segments: [String]) throws(Failure) -> Answer? {
    guard segments.count > 1 else {
      switch request.method {
      case "GET": return try listProjects(request)
      case "POST": return try createProject(request)
      default: return nil
      }
    }
    if request.method == "GET", segments.count == 3, segments[2] == "check" {
      return .json(["exist": .bool(projects.contains { $0.name == segments[1] })])
    }
    guard segments.count == 2 else { return nil }
    switch request.method {
    case "GET":
      let index = try projectIndex(segments[1], "error getting project")
      return .json(shown(projects[index]))
    case "PATCH": return try patchProject(segments[1], request)
    case "DELETE": return try deleteProject(segments[1])
    default: return nil
    }
  }

  private func shown(
    _ project: Project,
    written: Set<ConnectionKind.WrittenTime> = []
  )
    -> JSONValue
  {
    let blueprint = blueprints.first { $0.project == project.name }
    return [
      "name": .string(project.name), "description": .string(project.description),
      "createdAt": written.contains(.created)
        ? project.createdAt.precise : project.createdAt.stored,
      "updatedAt": written.contains(.updated)
        ? project.updatedAt.precise : project.updatedAt.stored,
      "_raw_data_params": "", "_raw_data_table": "", "_raw_data_id": 0, "_raw_data_remark": "",
      "metrics": project.metrics, "blueprint": blueprint?.shown() ?? nil,
    ]
  }

  private func listProjects(_ request: Request) throws(Failure) -> Answer {
    let page = try request.page()
    let keyword = request.parameter("keyword") ?? ""
    let all = projects.reversed().filter { keyword.isEmpty || $0.name.contains(keyword) }
    return .json([
      "projects": .array(page.slice(Array(all)).map { shown($0) }), "count": .integer(all.count),
    ])
  }

  private mutating func createProject(_ request: Request) throws(Failure) -> Answer {
    let body = try request.coreBody()
    let name = body.text("name")
    guard name.unicodeScalars.count <= 255 else { throw Failure(400, "Project name is too long.") }
    try check(body, name: name)
    guard !projects.contains(where: { $0.name == name }) else {
      throw Failure(
        400,
        [
          .own("error creating project", 400),
          .own("A project with name [\(name)] already exists", 400),
        ]
      )
    }
    let project = addProject(body, at: .now())
    return .json(shown(project, written: [.created, .updated]), status: 201)
  }

  private func check(_ body: JSONObject, name: String) throws(Failure) {
    var complaints: [String] = []
    func require(_ path: String, _ field: String) {
      complaints.append(
        "Key: 'ApiInputProject.\(path)\(field)' Error:Field validation for '\(field)' "
          + "failed on the 'required' tag"
      )
    }
    if name.isEmpty { require("BaseProject.", "Name") }
    if case .object(let blueprint)? = body["blueprint"] {
      if blueprint.text("name").isEmpty { require("Blueprint.", "Name") }
      if blueprint.text("mode").isEmpty { require("Blueprint.", "Mode") }
    }
    guard !complaints.isEmpty else { return }
    throw Failure(
      400,
      [
        .own("error creating project", 400), .own("data verification failed", 400),
        .foreign(complaints.joined(separator: "\n")),
      ]
    )
  }

  /// Stores a project and its blueprint.
  @discardableResult
  mutating func addProject(_ body: JSONObject, at time: Timestamp) -> Project {
    let metrics = body["metrics"]?.array ?? []
    let project = Project(
      name: body.text("name"),
      description: body.text("description"),
      metrics: metrics.isEmpty ? nil : .array(metrics),
      createdAt: time,
      updatedAt: time
    )
    projects.append(project)
    lastBlueprintID += 1
    blueprints.append(
      Blueprint(
        id: lastBlueprintID,
        name: "\(project.name)-Blueprint",
        project: project.name,
        at: time
      )
    )
    return project
  }

  private func projectIndex(_ name: String, _ words: String) throws(Failure) -> Int {
    if let index = projects.firstIndex(where: { $0.name == name }) { return index }
    throw Failure(
      404,
      [
        .own(words, 404), .own("could not find project [\(name)] in DB", 404),
        .own("record not found", 404), .foreign("record not found"),
      ]
    )
  }

  private mutating func patchProject(_ name: String, _ request: Request) throws(Failure) -> Answer {
    let body = try request.coreBody()
    let index = try projectIndex(name, "error patch project")
    let newName = body["name"]?.string ?? name
    projects[index].name = newName
    projects[index].description = body.text("description")
    if let metrics = body["metrics"]?.array, !metrics.isEmpty {
      projects[index].metrics = .array(metrics)
    }
    projects[index].updatedAt = .now()
    if newName != name {
      for blueprint in blueprints.indices where blueprints[blueprint].project == name {
        blueprints[blueprint].project = newName
        blueprints[blueprint].updatedAt = .now()
      }
    }
    return .json(shown(projects[index], written: [.updated]), status: 201)
  }

  private mutating func deleteProject(_ name: String) throws(Failure) -> Answer {
    let index = try projectIndex(name, "error deleting project")
    guard !projects[index].lostBlueprint else { return .panic }
    blueprints.removeAll { $0.project == name }
    projects.remove(at: index)
    return .success
  }
}
