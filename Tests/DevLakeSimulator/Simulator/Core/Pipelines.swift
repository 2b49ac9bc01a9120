import DevLakeKit

/// A run of a plan.
struct Pipeline: Sendable {
  enum Status: String, Sendable {
    case created = "TASK_CREATED"
    case running = "TASK_RUNNING"
    case completed = "TASK_COMPLETED"
    case failed = "TASK_FAILED"
    case cancelled = "TASK_CANCELLED"
  }

  let id: Int
  let name: String
  let blueprint: Int
  let plan: JSONValue
  var status: Status
  var message = ""
  var errorName = ""
  let createdAt: Timestamp
  var updatedAt: Timestamp

  var isRunning: Bool { status == .running }

  /// The pipeline as answers show it.
  func shown(isNew: Bool = false) -> JSONValue {
    let isOver = status == .completed || status == .failed || status == .cancelled
    let tasks = (plan.array ?? []).reduce(0) { $0 + ($1.array?.count ?? 0) }
    let stages = plan.array?.count ?? 0
    return [
      "id": .integer(id), "createdAt": isNew ? createdAt.precise : createdAt.stored,
      "updatedAt": isNew ? updatedAt.precise : updatedAt.stored, "name": .string(name),
      "blueprintId": .integer(blueprint), "plan": plan, "totalTasks": .integer(tasks),
      "finishedTasks": .integer(isOver ? tasks : 0),
      "beganAt": isOver || isRunning ? createdAt.stored : nil,
      "finishedAt": isOver ? updatedAt.stored : nil, "status": .string(status.rawValue),
      "message": .string(message), "errorName": .string(errorName), "spentSeconds": 0,
      "stage": .integer(isOver ? stages : isRunning ? 1 : 0), "labels": isNew ? nil : [],
      "priority": 0, "skipOnFail": false, "timeAfter": nil, "skipCollectors": false,
      "fullSync": false,
    ]
  }
}

/// The routes below `/pipelines`.
extension DevLake {
  mutating func pipelineAnswer(_ request: Request, _ segments: [String]) throws(Failure) -> Answer?
  {
    switch (request.method, segments.count) {
    case ("GET", 1):
      let page = try request.page()
      settlePipelines()
      let status = request.parameter("status") ?? ""
      let all = pipelines.reversed().filter { status.isEmpty || $0.status.rawValue == status }
      return .json([
        "count": .integer(all.count),
        "pipelines": .array(page.slice(Array(all)).map { $0.shown() }),
      ])
    case ("POST", 1):
      let body = try request.coreBody()
      let pipeline = addPipeline(
        name: body.text("name"),
        plan: Blueprint.normalized(body["plan"] ?? nil),
        blueprint: 0,
        status: .created
      )
      return .json(pipeline.shown(isNew: true), status: 201)
    case ("GET", 2):
      settlePipelines()
      return .json(pipelines[try pipelineIndex(segments[1], "error getting pipeline")].shown())
    case ("DELETE", 2):
      let index = try pipelineIndex(segments[1], "error cancelling pipeline")
      if pipelines[index].isRunning { pipelines[index].status = .cancelled }
      return .success
    default: return nil
    }
  }

  private func pipelineIndex(_ id: String, _ words: String) throws(Failure) -> Int {
    guard let number = UInt(id) else {
      throw Failure(
        400,
        [
          .own("bad pipelineID format supplied", 400),
          .foreign("strconv.ParseUint: parsing \"\(id)\""), .foreign("invalid syntax"),
        ]
      )
    }
    if let index = pipelines.firstIndex(where: { $0.id == number }) { return index }
    throw Failure(404, [.own(words, 404), .own("pipeline not found", 404)])
  }

  /// Stores a pipeline.
  mutating func addPipeline(
    name: String,
    plan: JSONValue,
    blueprint: Int,
    status: Pipeline.Status,
    at time: Timestamp = .now()
  ) -> Pipeline {
    lastPipelineID += 1
    let pipeline = Pipeline(
      id: lastPipelineID,
      name: name,
      blueprint: blueprint,
      plan: plan,
      status: status,
      createdAt: time,
      updatedAt: time
    )
    pipelines.append(pipeline)
    return pipeline
  }

  /// Ends the pipelines that were only created: a run takes no time here.
  private mutating func settlePipelines() {
    for index in pipelines.indices where pipelines[index].status == .created {
      let tasks = (pipelines[index].plan.array ?? []).flatMap { $0.array ?? [] }
      let unknown = tasks.compactMap { $0["plugin"]?.string }.first {
        !ConnectionKind.loadedPlugins(in: era).contains($0)
      }
      pipelines[index].status = unknown == nil ? .completed : .failed
      pipelines[index].updatedAt = .now()
      guard let unknown else { continue }
      let task =
        "\nWraps: (2)\nWraps: (3) Plugin `\(unknown)` doesn't exist\nError types: "
        + "(1) *hintdetail.withDetail (2) *hintdetail.withDetail (3) *errors.errorString"
      let id = pipelines[index].id
      pipelines[index].message =
        "Error running pipeline \(id).\nWraps: (2) Error running task \(id)."
        + task.replacing("\n", with: "\n  | ")
        + "\nError types: (1) *hintdetail.withDetail (2) *errors.errorString"
      pipelines[index].errorName =
        "Error running pipeline \(id).\ncaused by: Error running task \(id).\(task)\n"
    }
  }
}
