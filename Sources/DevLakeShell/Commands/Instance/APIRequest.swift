import DevLakeKit
import ShellLanguage

/// One request of `api`, read from its words.
struct APIRequest {
  let method: String
  let route: Route
  var body: RequestBody?

  /// Reads the call; files and secrets it names are fetched.
  init(_ call: Call, _ session: Session) async throws(Failure) {
    method = call.argument("METHOD").map { $0.text.uppercased() } ?? "GET"
    guard let path = call.argument("PATH") else { throw .usage("'api' needs PATH", at: call.whole) }
    do throws(Route.Mistake) {
      route = try Route(path.text)
    } catch {
      throw .invalid(error.reason, at: path, help: error.help)
    }
    let given = call.argument("BODY|@FILE")
    if method == "GET", let place = given ?? call.option("secret") {
      throw .usage("GET has no body", at: place, help: "write POST, PUT or PATCH")
    }
    if let given { body = try await Self.body(given, session) }
    for given in call.all(option: "secret") {
      try await add(given, session, keepsEnvFile: call.keepsEnvFile)
    }
  }

  /// Whether it may change something: no test does, and the migration is DevLake's one change by GET.
  var changes: Bool { (method != "GET" && !(method == "POST" && route.isTest)) || isMigration }

  /// Whether it is asked about.
  var isGrave: Bool { method == "DELETE" || isMigration }

  private var isMigration: Bool { route.isMigration }

  /// Whether a read-only instance gets it.
  var isReading: Bool { method == "GET" && !isMigration }

  /// What would be sent.
  var dryRun: CommandResult {
    DryRun(requests: [ChangeRequest(method, route, body: body)]).result
  }

  private static func body(
    _ given: ArgumentValue,
    _ session: Session
  ) async throws(Failure) -> RequestBody {
    if case .data(let value)? = given.value, value.string == nil { return RequestBody(value) }
    var text = given.text
    let fileName = text.hasPrefix("@") ? String(text.dropFirst()) : nil
    if let fileName {
      text = try ScriptFile.read(session.secretSources().path(fileName), shownAs: fileName)
    } else if text == "-" {
      text = try await input(given, session)
    }
    let value: JSONValue
    do throws(JSONError) {
      value = try JSONValue(parsing: Array(text.utf8))
    } catch {
      throw ValueCheck.noJSON(text, error, fileName.map { "'\($0)'" } ?? "BODY", at: given)
    }
    let body = RequestBody(value)
    if fileName == nil, given.text != "-", body.holdsSecret, session.world.hasVisibleArguments {
      session.warnOnce(
        "BODY shows a secret to everyone who can run ps",
        help: "pass it with --secret NAME=REF, or the body as @FILE or -"
      )
    }
    return body
  }

  private static func input(
    _ given: ArgumentValue,
    _ session: Session
  ) async throws(Failure) -> String {
    guard let read = session.world.readStandardInput else {
      throw .usage("'-' reads standard input, which contains the commands here", at: given)
    }
    do throws(SecretReferenceError) {
      return String(decoding: try await read(true) ?? [], as: UTF8.self)
    } catch {
      throw .invalid(error.description, at: given)
    }
  }

  /// Puts a secret into the body.
  private mutating func add(
    _ given: ArgumentValue,
    _ session: Session,
    keepsEnvFile: Bool
  ) async throws(Failure) {
    let (name, found): (String, Secret)
    if let field = given.fieldName, case .secret(let secret)? = given.value {
      (name, found) = (field, secret)
    } else {
      guard let equals = given.text.firstIndex(of: "=") else { throw Self.noPair(given) }
      name = String(given.text[..<equals])
      do throws(Failure) {
        found = try await session.secret(
          reference: String(given.text[given.text.index(after: equals)...]),
          subject: name,
          flag: "--secret \(name)",
          question: "\(name): ",
          keepsEnvFile: keepsEnvFile
        )
      } catch {
        throw error.placed(at: given.span, in: given.source)
      }
    }
    guard !name.isEmpty else { throw Self.noPair(given) }
    var body = body ?? RequestBody()
    guard body.isObject else {
      throw .usage("--secret needs a body that is an object", at: given)
    }
    body[name] = .secret(found)
    self.body = body
  }

  private static func noPair(_ given: ArgumentValue) -> Failure {
    .invalid("'--secret' takes NAME=REF", at: given)
  }
}
