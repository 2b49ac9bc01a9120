import DevLakeKit

/// What `connect --save` writes into instances.yaml; everything that stands against it is found
/// before anything is sent.
struct InstanceEntry {
  let name: String
  private let login: GivenLogin
  private let apiKey: SecretReference?
  private let password: SecretReference?
  private let certificateFile: String?
  private let isReadOnly: Bool
  private let isProtected: Bool
  private let color: NamedInstance.Color?
  private let path: String
  private let given: ArgumentValue

  /// The words that only mean something to `--instances` and `connect`.
  static let reserved: Set<String> = ["all"]

  /// `nil`: nothing is to be saved.
  init?(_ call: Call, _ given: GivenLogin?, _ session: Session) throws(Failure) {
    guard let name = call.option("save") else {
      for option in ["read-only", "protected", "color"] where call.flag(option) {
        throw .usage(
          "'--\(option)' is kept in instances.yaml",
          at: call.option(option),
          help: "give --save NAME as well"
        )
      }
      return nil
    }
    guard NamedInstances.isName(name.text), !Self.reserved.contains(name.text) else {
      throw .invalid(
        "'\(name.text)' cannot be the name of an instance",
        at: name,
        help: "letters, digits, '.', '-' and '_' make one; 'all' means every one"
      )
    }
    guard let folder = session.world.configurationFolder else {
      throw .invalid("'--save' needs a home directory for instances.yaml", at: name)
    }
    path = folder + "/instances.yaml"
    if try session.namedInstances()?[name.text] != nil {
      throw .conflict(
        "there is an instance '\(name.text)' already",
        at: name,
        help: "choose another name, or run 'instances remove \(name.text)' first"
      )
    }
    self.name = name.text
    self.given = name
    let options = session.options
    login =
      given
      ?? GivenLogin(apiKey: options.apiKey, user: options.user, password: options.password)
    if login.apiKey != nil, login.user != nil {
      throw .usage("--api-key and --user exclude each other", at: name)
    }
    apiKey = try Self.reference(login.apiKey, "--api-key", call, session)
    password = try Self.reference(login.password, "--password", call, session)
    certificateFile = options.certificateFile.map { session.secretSources().path($0) }
    isReadOnly = call.flag("read-only")
    isProtected = call.flag("protected")
    color = call.text("color").flatMap(NamedInstance.Color.init(rawValue:))
    guard options.headers.isEmpty else {
      throw .usage("'--save' keeps no --header", at: name, help: "write it into '\(path)' by hand")
    }
    let address = call.argument("URL|NAME") ?? call.option("url")
    if let address, !NamedInstances.isName(address.text), try address.url().credentials != nil {
      throw .usage(
        "the URL spells a password out, and '--save' keeps references only",
        at: address,
        help: "give --user NAME --password env:NAME"
      )
    }
  }

  /// Writes the entry.
  ///
  /// - Returns: The file.
  func save(_ url: ServerURL) throws(Failure) -> String {
    do throws(NamedInstancesError) {
      try NamedInstances.add(
        NamedInstance(
          name,
          url: url,
          apiKey: apiKey,
          user: login.user,
          password: password,
          certificateFile: certificateFile,
          isReadOnly: isReadOnly,
          isProtected: isProtected,
          color: color
        ),
        toFileAt: path
      )
      return path
    } catch {
      throw Failure(error, at: given).saying("nothing was saved")
    }
  }

  /// How `connect` itself is told to be let in; `nil`: as ever.
  static func login(_ call: Call) throws(Failure) -> GivenLogin? {
    let login = GivenLogin(
      apiKey: try text(call.option("api-key")),
      user: call.text("user"),
      password: try text(call.option("password"))
    )
    guard !login.isEmpty else { return nil }
    guard call.argument("URL|NAME") != nil || call.option("url") != nil else {
      throw .usage(
        "it is not said which DevLake the login is for",
        at: call.option("api-key") ?? call.option("user") ?? call.option("password"),
        help: "name it: connect URL --api-key REF"
      )
    }
    return login
  }

  /// A secret of the language is none that could be fetched again.
  private static func text(_ given: ArgumentValue?) throws(Failure) -> String? {
    guard let given else { return nil }
    guard case .secret(let secret)? = given.value else { return given.text }
    return secret.reveal { "text:" + $0 }
  }

  private static func reference(
    _ text: String?,
    _ flag: String,
    _ call: Call,
    _ session: Session
  ) throws(Failure) -> SecretReference? {
    guard let text else { return nil }
    let given = call.option(String(flag.dropFirst(2)))
    let reference: SecretReference
    do throws(SecretReferenceError) {
      reference = try SecretReference(text)
      // A relative path would start at the folder of instances.yaml from now on.
      if case .file(let path) = reference.place {
        return try SecretReference("file:" + session.secretSources().path(path))
      }
    } catch {
      throw .invalid("\(flag): \(error.description)", at: given)
    }
    guard !reference.isSpelledOut, reference.place != .standardInput else {
      throw .invalid(
        "'--save' keeps no secret, and \(flag) spells one out",
        at: given,
        help: "write \(flag) env:NAME, file:PATH or cmd:COMMAND"
      )
    }
    return reference
  }
}

extension Failure {
  /// What stands against a change of instances.yaml.
  init(_ error: NamedInstancesError, at given: ArgumentValue? = nil) {
    switch error {
    case .exists: self = .conflict(error.description, at: given)
    case .missing: self = .notFound(error.description, at: given)
    case .file, .syntax, .fault, .unchangeable: self = .invalid(error.description, at: given)
    }
  }
}
