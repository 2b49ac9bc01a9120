import DevLakeKit

extension Session {
  /// The DevLakes the person has named, read when one is first needed.
  func namedInstances() throws(Failure) -> NamedInstances? {
    try server.namedInstances { () throws(Failure) in
      guard let folder = world.configurationFolder else { return nil }
      do throws(NamedInstancesError) {
        return try NamedInstances(readingFileAt: folder + "/instances.yaml")
      } catch {
        throw .invalid(error.description)
      }
    }
  }

  /// The instance of a name; a wrong one is a mistake of whoever gave it.
  func namedInstance(
    _ name: String,
    at given: ArgumentValue? = nil
  ) throws(Failure) -> NamedInstance {
    guard let instances = try namedInstances() else {
      throw .invalid("no instance named '\(name)': there is no home directory", at: given)
    }
    guard let found = instances[name] else {
      let names = instances.all.map(\.name)
      let help: String
      if let near = Suggestion.closest(to: name, among: names) {
        help = "did you mean '\(near)'?"
      } else if instances.exists {
        help = "'\(instances.path)' has \(names.joined(separator: ", "))"
      } else {
        help = "name it in '\(instances.path)': \(name): {url: http://host:8080}"
      }
      throw .invalid("no instance named '\(name)'", at: given, help: help)
    }
    warn(about: found, in: instances)
    return found
  }

  private func warn(about named: NamedInstance, in instances: NamedInstances) {
    let settings = named.literalSecrets
    guard !settings.isEmpty else { return }
    let readers = instances.isReadableByOthers ? ", and others on this machine can read it" : ""
    warnOnce(
      "'\(instances.path)' spells out \(settings.joined(separator: " and ")) of instance "
        + "'\(named.name)'\(readers)",
      help: "write env:NAME, file:PATH or cmd:COMMAND instead"
    )
  }

  /// The instance a source names; `nil` for every other source.
  func named(by source: DevLakeInstance.Source) throws(Failure) -> NamedInstance? {
    guard case .named(let name) = source else { return nil }
    return try namedInstance(name)
  }

  /// The certificates to trust: `--ca-cert`, else the instance's.
  func certificateFile(_ named: NamedInstance?) throws(Failure) -> String? {
    if let path = options.certificateFile { return secretSources().path(path) }
    guard let path = named?.certificateFile else { return nil }
    var sources = secretSources()
    if let folder = world.configurationFolder { sources.workingDirectory = folder }
    let full = sources.path(path)
    do throws(CertificateFileError) {
      try AsyncHTTPTransport.checkCertificates(inFileAt: full)
    } catch {
      throw .invalid("caCert: \(error.description)", help: error.help)
    }
    return full
  }
}
