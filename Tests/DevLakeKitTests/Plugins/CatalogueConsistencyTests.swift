import DevLakeKit
import Testing

@Suite("The catalogue does not contradict itself")
struct CatalogueConsistencyTests {
  static let plugins = PluginRegistry.standard.plugins

  @Test func `no name stands for two plugins`() {
    let names = PluginRegistry.standard.names
    #expect(Set(names).count == names.count)
    let displayNames = Self.plugins.map(\.displayName)
    #expect(Set(displayNames).count == displayNames.count)
  }

  @Test func `the documented plugins come first, in the documents' order, then the others by name`()
  {
    let ids = Self.plugins.map(\.id)
    #expect(
      ids.prefix(11) == [
        "github", "gh-copilot", "jenkins", "circleci", "gitlab", "bitbucket", "azuredevops_go",
        "jira", "pagerduty", "sonarqube", "argocd",
      ]
    )
    let others = Array(ids.dropFirst(11))
    #expect(others == others.sorted())
    #expect(Self.plugins.map(\.isDocumented) == ids.indices.map { $0 < 11 })
  }

  @Test func `an option means the same kind of value for every plugin`() {
    var kinds: [String: Set<String>] = [:]
    for field in Self.plugins.flatMap(\.fields) {
      guard let option = field.option else { continue }
      kinds[option, default: []].insert(shape(of: field.kind))
    }
    #expect(!kinds.isEmpty)
    for (option, shapes) in kinds { #expect(shapes.count == 1, "--\(option): \(shapes)") }
  }

  @Test(arguments: plugins)
  func `an option is written in lower case with hyphens, and set once`(_ plugin: PluginDescriptor) {
    let options = plugin.fields.compactMap(\.option)
    #expect(Set(options).count == options.count)
    for option in options {
      #expect(option.allSatisfy { $0 == "-" || $0.isLowercase }, "--\(option)")
    }
  }

  @Test(arguments: plugins)
  func `every way to authenticate uses fields the plugin has`(_ plugin: PluginDescriptor) throws {
    for method in plugin.authMethods {
      let secret = try #require(plugin.field(method.secretField))
      #expect(secret.isSecret)
      for name in method.identityFields {
        let field = try #require(plugin.field(name))
        #expect(!field.isSecret)
      }
    }
    #expect(plugin.storesAuthMethod == (plugin.field("authMethod") != nil))
    #expect(plugin.storesAuthMethod || plugin.authMethods.count <= 2)
    if let derivation = plugin.endpoint?.derivation {
      #expect(plugin.field(derivation.field) != nil)
      #expect(plugin.authMethods.contains { $0.name == derivation.authMethod })
    }
  }

  @Test(arguments: plugins)
  func `a stored choice of authentication offers the ways there are`(
    _ plugin: PluginDescriptor
  ) throws {
    let names = plugin.authMethods.map(\.name)
    if plugin.storesAuthMethod {
      #expect(plugin.field("authMethod")?.kind == .choice(names))
    }
    for choice in plugin.endpoint?.choices ?? [] {
      if let method = choice.authMethod { #expect(names.contains(method)) }
    }
    for case .with(let method) in plugin.fields.map(\.requirement) {
      #expect(names.contains(method))
    }
  }

  @Test(arguments: plugins)
  func `a secret has variables and a user name has variables`(_ plugin: PluginDescriptor) {
    #expect(plugin.tokenVariables.isEmpty == plugin.authMethods.isEmpty)
    #expect(plugin.usernameVariables.isEmpty == (plugin.field("username") == nil))
    for name in plugin.tokenVariables + plugin.usernameVariables {
      #expect(name.allSatisfy { $0 == "_" || $0.isUppercase }, "\(name)")
    }
  }

  @Test(arguments: plugins)
  func `an organization DevLake stores has a field, set by --org`(_ plugin: PluginDescriptor) {
    if let name = plugin.organizationField {
      #expect(plugin.field(name)?.option == "org")
    } else {
      #expect(!plugin.needsOrganizationOrEnterprise)
      #expect(!plugin.fields.contains { $0.option == "org" })
    }
    #expect(plugin.organizationAddress == nil || plugin.endpoint == nil)
  }

  @Test(arguments: plugins)
  func `fields that survive a PATCH exist`(_ plugin: PluginDescriptor) {
    guard case .replace(let survivors) = plugin.patch else { return }
    #expect(!survivors.isEmpty)
    for name in survivors { #expect(plugin.field(name) != nil, "\(name)") }
  }

  @Test(arguments: plugins)
  func `help, caveats and notes are single sentences without a full stop`(
    _ plugin: PluginDescriptor
  ) {
    let texts =
      plugin.fields.map(\.help) + plugin.notes
      + [plugin.test.caveat, plugin.deletion.impossible, plugin.credentialNote].compactMap { $0 }
    for text in texts {
      #expect(!text.isEmpty && !text.hasSuffix(".") && !text.contains("\n"), "\(text)")
    }
  }

  /// A PEM is text that may have several lines; which words a choice has is the plugin's.
  private func shape(of kind: PluginField.Kind) -> String {
    switch kind {
    case .text, .pem: "text"
    case .integer: "integer"
    case .boolean: "boolean"
    case .date: "date"
    case .choice: "choice"
    case .json: "json"
    }
  }
}
