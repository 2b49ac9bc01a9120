import DevLakeKit

/// The routes of webhooks through which other systems push; what they push is not kept.
extension DevLake {
  func webhookAnswer(_ request: Request, _ segments: [String]) throws(Failure) -> Answer? {
    guard era == .september2026, request.method == "POST", segments.count > 4,
      segments[1] == "webhook"
    else { return nil }
    let rest = segments[4...].joined(separator: "/")
    switch segments[2] {
    case "connections":
      guard ["deployments", "issue/close"].contains(rest) else { return nil }
      guard let id = Int(segments[3]), tables["webhook"]?[id] != nil else {
        throw .passedOn(404, "record not found")
      }
      guard rest == "issue/close" else { return .success }
      throw Failure(
        404,
        [
          .own("issue not found", 404), .own("record not found", 404), .foreign("record not found"),
        ]
      )
    case "projects":
      guard ["issues", "pull_requests"].contains(rest) else { return nil }
      let name = segments[3]
      guard projects.contains(where: { $0.name == name }) else {
        throw Failure(
          404,
          [
            .own("could not find project [\(name)] in DB", 404), .own("record not found", 404),
            .foreign("record not found"),
          ]
        )
      }
      throw .passedOn(404, "record not found")
    default: return nil
    }
  }
}
