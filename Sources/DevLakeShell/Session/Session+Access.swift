import DevLakeKit

extension Session {
  /// What is shown to the DevLake at `url`: what `connect` was given, else `--api-key`, `--user` and
  /// `--header`, then what its name stands for, then credentials in the URL, then `$DEVLAKE_API_KEY`.
  func access(for url: ServerURL, named: NamedInstance? = nil) async throws(Failure) -> Access {
    var access = Access()
    access.userAgent = "devlake-shell"
    access.extra = try await extraHeaders(named)
    let given =
      server.login
      ?? GivenLogin(apiKey: options.apiKey, user: options.user, password: options.password)
    if given.user == nil, given.password != nil {
      throw .usage("--password needs a user name", help: "give --user NAME")
    }
    if given.apiKey != nil, given.user != nil {
      throw .usage(
        "--api-key and --user exclude each other: both are the header Authorization"
      )
    }
    if let reference = given.apiKey {
      access.apiKey = try await secret(reference, flag: "--api-key")
    } else if let user = given.user {
      guard let reference = given.password else {
        throw .unasked("--user needs a password", flags: ["--password REF"])
      }
      access.basic = (user, try await secret(reference, flag: "--password"))
    } else if let reference = named?.apiKey {
      access.apiKey = try await secret(of: named, reference, setting: "apiKey")
    } else if let user = named?.user, let reference = named?.password {
      access.basic = (user, try await secret(of: named, reference, setting: "password"))
    } else if let pair = url.credentials {
      access.basic = (pair.user, pair.password)
    } else if let reference = environmentKey {
      access.apiKey = try await secret(reference, flag: "--api-key")
    }
    warnIfOpen(access, url)
    return access
  }

  /// The header fields of `--header`, and those of the instance that it does not name.
  private func extraHeaders(
    _ named: NamedInstance?
  ) async throws(Failure) -> [(name: String, value: Secret)] {
    var fields: [(name: String, value: Secret)] = []
    for header in options.headers {
      let parts = header.split(separator: ":", maxSplits: 1)
      guard parts.count == 2, HeaderText.isName(parts[0]), HeaderText.isValue(parts[1]) else {
        throw .usage("'--header' takes 'Name: value'")
      }
      let text = parts[1].drop { $0 == " " || $0 == "\t" }
      guard ["env:", "file:", "cmd:"].contains(where: text.hasPrefix) else {
        fields.append((String(parts[0]), Secret(String(text))))
        continue
      }
      let value = try await secret(String(text), flag: "--header \(parts[0])")
      guard value.reveal({ HeaderText.isValue($0[...]) }) else {
        throw .invalid("the header '\(parts[0])' cannot be sent")
      }
      fields.append((String(parts[0]), value))
    }
    for header in named?.headers ?? [] {
      let isGiven = fields.contains { $0.name.lowercased() == header.name.lowercased() }
      guard !isGiven else { continue }
      let value = try await secret(of: named, header.value, setting: "headers.\(header.name)")
      guard HeaderText.isName(header.name[...]), value.reveal({ HeaderText.isValue($0[...]) })
      else { throw .invalid("the header '\(header.name)' cannot be sent") }
      fields.append((header.name, value))
    }
    return fields
  }

  private var environmentKey: String? {
    guard !options.isFleetMember, let value = world.environment["DEVLAKE_API_KEY"], !value.isEmpty
    else { return nil }
    return "env:DEVLAKE_API_KEY"
  }

  private func secret(_ text: String, flag: String) async throws(Failure) -> Secret {
    try await secret(reference: text, subject: flag, flag: flag)
  }

  /// The secret a setting of a named instance refers to; files are looked for beside its file.
  private func secret(
    of named: NamedInstance?,
    _ reference: SecretReference,
    setting: String
  ) async throws(Failure) -> Secret {
    let subject = "\(setting) of instance '\(named?.name ?? "")'"
    let request = SecretRequest(
      subject: subject,
      flag: subject,
      reference: reference,
      question: "\(subject): "
    )
    let resolver = try resolver(for: [request], of: nil, folder: world.configurationFolder)
    do throws(CredentialError) {
      let found = try await resolver.resolve(request)
      note(found, keepsEnvFile: true)
      return found.value
    } catch {
      throw Failure(error)
    }
  }

  private func warnIfOpen(_ access: Access, _ url: ServerURL) {
    guard access.name != "none", url.isOpen else { return }
    warnOnce("\(url) is plain http: the login can be read in transit")
  }
}

/// How a DevLake is entered, as it was typed: references, or the secrets themselves.
struct GivenLogin: Sendable {
  var apiKey: String?
  var user: String?
  var password: String?

  var isEmpty: Bool { apiKey == nil && user == nil && password == nil }
}

/// What may be in a header field.
enum HeaderText {
  /// A token of RFC 9110.
  static func isName(_ text: Substring) -> Bool {
    !text.isEmpty
      && text.unicodeScalars.allSatisfy {
        $0.value > 0x20 && $0.value < 0x7F && !"()<>@,;:\\\"/[]?={}".unicodeScalars.contains($0)
      }
  }

  /// Anything on one line.
  static func isValue(_ text: Substring) -> Bool {
    text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F || $0 == "\t" }
  }
}
