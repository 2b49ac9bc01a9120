import DevLakeKit
import ShellLanguage

/// A plan that was kept to be compared with a later one, and never to be carried out.
///
/// Who approves has read it; `apply --plan` plans again from the file and goes on only if the same
/// comes out. It holds what `plan --json` tells, and so no secret.
struct KeptPlan {
  private static let version: JSONValue = 1

  /// What would be done, without remarks that depend on who asks.
  private let document: JSONObject

  init(_ changes: [PlannedChange], _ url: ServerURL, _ call: Call, _ redactor: Redactor) {
    let report = PlanReport(changes: changes).json
    let records = (report["changes"]?.array ?? []).map { record -> JSONValue in
      var object = record.object ?? [:]
      object["notes"] = nil
      return .object(object)
    }
    let whole: JSONValue = [
      "plan": Self.version, "instance": .string(url.text),
      "prune": .bool(call.flag("prune")), "secrets": .string(call.text("secrets") ?? "changed"),
      "changes": .array(records), "summary": report["summary"] ?? .null,
    ]
    document = redactor.hiding(whole).object ?? [:]
  }

  /// Writes it into a new file, for its owner alone.
  func write(to given: ArgumentValue, _ session: Session) throws(Failure) {
    do throws(SecretFileError) {
      var file = try SecretFile(creatingAt: session.secretSources().path(given.text))
      try file.write(Array((JSONWriter.write(.object(document), isIndented: true) + "\n").utf8))
    } catch {
      throw .invalid("the plan is not kept: \(error.description)", at: given)
    }
  }

  /// Refuses to go on unless the file at `given` holds the same plan.
  func check(against given: ArgumentValue, _ session: Session) throws(Failure) {
    let text: String
    do throws(Failure) {
      text = try ScriptFile.read(session.secretSources().path(given.text), shownAs: given.text)
    } catch {
      throw .invalid(error.diagnostic.message, at: given)
    }
    let kept: JSONObject
    do throws(JSONError) {
      kept = try JSONValue(parsing: Array(text.utf8)).object ?? [:]
    } catch {
      throw .invalid("'\(given.text)' is not JSON (at byte \(error.offset + 1))", at: given)
    }
    guard kept["plan"] == Self.version, kept["changes"]?.array != nil else {
      throw .invalid(
        "'\(given.text)' is not a plan",
        at: given,
        help: "make one with: plan FILE --out \(given.text)"
      )
    }
    let differences = differences(from: kept)
    guard !differences.isEmpty else { return }
    let shown = differences.prefix(5).joined(separator: "; ")
    let rest = differences.count > 5 ? "; and \(differences.count - 5) more" : ""
    throw Failure(
      Diagnostic(
        code: .conflict,
        message: "the plan is not that of '\(given.text)': \(shown)\(rest); nothing was sent",
        span: given.span,
        source: given.source,
        help: "look with 'plan', and have the new plan approved: plan FILE --out NEW"
      ),
      exitCode: .unasked
    )
  }

  private func differences(from kept: JSONObject) -> [String] {
    var found: [String] = []
    let places = [kept["instance"], document["instance"]].compactMap { value in
      value?.string.flatMap { try? ServerURL($0) }  // no address is another one
    }
    if places.count < 2 || !places[0].isSameInstance(as: places[1]) {
      found.append(
        "it was made for \(kept["instance"]?.string.map(ServerText.line) ?? "another DevLake")"
      )
    }
    for name in ["prune", "secrets"] where kept[name] != document[name] {
      found.append("it was made with another --\(name)")
    }
    let (before, now) = (Self.byName(kept), Self.byName(document))
    for (name, record) in now {
      guard let old = before.first(where: { $0.name == name })?.record else {
        found.append("\(name) is not in it")
        continue
      }
      guard old != record else { continue }
      found.append("\(name) \(Self.words(old, record))")
    }
    for (name, _) in before where !now.contains(where: { $0.name == name }) {
      found.append("\(name) is in it and no longer planned")
    }
    // Whatever else differs, such as the order or something written twice, is a difference.
    if found.isEmpty, kept["changes"] != document["changes"] { found.append("its changes differ") }
    return found
  }

  private static func byName(_ plan: JSONObject) -> [(name: String, record: JSONValue)] {
    (plan["changes"]?.array ?? []).map { record in
      let name = ServerText.line(record["name"]?.string ?? "")
      return ("\(ServerText.line(record["plugin"]?.string ?? "")) \"\(name)\"", record)
    }
  }

  private static func words(_ old: JSONValue, _ new: JSONValue) -> String {
    let actions = [old, new].map { ServerText.line($0["action"]?.string ?? "") }
    if actions[0] != actions[1] { return "is to be '\(actions[1])', and was '\(actions[0])'" }
    if old["fields"] != new["fields"] { return "changes other fields or values" }
    if old["secrets"] != new["secrets"] { return "has other secrets, or cannot see the same" }
    return "is another one"
  }
}
