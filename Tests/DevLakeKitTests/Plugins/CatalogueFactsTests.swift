import DevLakeKit
import Testing

@Suite("The catalogue says what was found out about each plugin")
struct CatalogueFactsTests {
  @Test func `every plugin of the file is in the catalogue, and no other`() {
    #expect(CatalogueFacts.all.count == 37)
    #expect(
      Set(CatalogueFacts.all.map(\.slug)) == Set(PluginRegistry.standard.plugins.map(\.id))
    )
  }

  @Test(arguments: CatalogueFacts.all)
  func `the fields are those of the server`(_ facts: CatalogueFacts) throws {
    let plugin = try #require(PluginRegistry.standard[facts.slug])
    #expect(Set(plugin.fields.map(\.name)) == Set(facts.fields.map(\.name)))
    #expect(plugin.fields.count == facts.fields.count)
    for fact in facts.fields {
      let field = try #require(plugin.field(fact.name))
      #expect(field.mask == (try mask(fact.mask)), "\(fact.name)")
      #expect(field.requirement == requirement(fact.required), "\(fact.name)")
    }
  }

  /// The file's default is config-ui's; these are no endpoints, or the documents want one given.
  static let endpointsToGive: Set<String> = [
    "argocd",  // only `https://`
    "sonarqube",  // SonarCloud's, a choice in the wizard
    "testmo",  // a placeholder
  ]

  @Test(arguments: CatalogueFacts.all)
  func `the default endpoint is the server's or config-ui's`(_ facts: CatalogueFacts) throws {
    let plugin = try #require(PluginRegistry.standard[facts.slug])
    let expected = Self.endpointsToGive.contains(facts.slug) ? nil : facts.endpointDefault
    #expect(plugin.endpoint?.standard == expected)
    #expect((plugin.endpoint != nil) == facts.fields.contains { $0.name == "endpoint" })
  }

  /// config-ui sends a rate limit to these, but they have no such field.
  static let withoutRateLimit: Set<String> = ["azuredevops_go", "azuredevops"]

  @Test(arguments: CatalogueFacts.all)
  func `config-ui's rate limit is known`(_ facts: CatalogueFacts) throws {
    let plugin = try #require(PluginRegistry.standard[facts.slug])
    let expected = Self.withoutRateLimit.contains(facts.slug) ? nil : facts.rateLimitDefault
    #expect(plugin.interfaceRateLimit == expected)
    if plugin.interfaceRateLimit != nil { #expect(plugin.field("rateLimitPerHour") != nil) }
  }

  @Test(arguments: CatalogueFacts.all)
  func `names, scopes and config-ui are those of the file`(_ facts: CatalogueFacts) throws {
    let plugin = try #require(PluginRegistry.standard[facts.slug])
    let renamed = [
      "azuredevops_go": "Azure DevOps",  // as in the documents
      "azuredevops": "Azure DevOps (Python)",  // so that the two can be told apart
    ]
    #expect(plugin.displayName == renamed[facts.slug] ?? facts.displayName)
    #expect(plugin.scopeIdField == facts.scopeIdField)
    #expect(plugin.isInInterface == facts.inInterface)
  }

  @Test(arguments: CatalogueFacts.all)
  func `how sure the facts are is said`(_ facts: CatalogueFacts) throws {
    let plugin = try #require(PluginRegistry.standard[facts.slug])
    let expected: PluginDescriptor.Evidence =
      switch (facts.status, facts.confirmed) {
      case (_, .by("full")): .measured
      case (_, .by): .measuredBriefly
      case (_, .none): .source
      }
    #expect(plugin.evidence == expected)
    if plugin.isDocumented { #expect(expected == .measured) }
    #expect((plugin.successor != nil) == (facts.status == "removed"))
  }

  @Test(arguments: CatalogueFacts.all)
  func `what a PATCH replaces is known`(_ facts: CatalogueFacts) throws {
    let plugin = try #require(PluginRegistry.standard[facts.slug])
    #expect((plugin.patch != .merge) == (facts.patch == "FULL REPLACE"))
    #expect((plugin.maskEcho == .stored) == (facts.maskEcho?.hasPrefix("STORED") ?? false))
  }

  @Test(arguments: CatalogueFacts.all)
  func `what refuses a deletion is known`(_ facts: CatalogueFacts) throws {
    let plugin = try #require(PluginRegistry.standard[facts.slug])
    guard let guards = facts.deleteGuards else { return }
    if guards.contains(where: { $0.hasPrefix("BUG") }) {
      #expect(plugin.deletion.impossible != nil)
      return
    }
    #expect(plugin.deletion.impossible == nil)
    #expect(
      plugin.deletion.runningPipeline == guards.contains { $0.hasPrefix("running pipeline") }
    )
    #expect(plugin.deletion.blueprints == guards.contains { $0.contains("blueprint ->") })
    let refusesForScopes = guards.contains { $0.hasPrefix("has scopes") }
    #expect(plugin.deletion.scopes == (refusesForScopes && plugin.scopeIdField != nil))
  }

  @Test(arguments: CatalogueFacts.all)
  func `a test that a login page passes is known`(_ facts: CatalogueFacts) throws {
    let plugin = try #require(PluginRegistry.standard[facts.slug])
    let words = ["reported as SUCCESS", "200 success:true"]
    let passes = words.contains { facts.nonJsonUpstream?.contains($0) ?? false }
    #expect(plugin.test.readsAnswer == !passes)
    if passes { #expect(plugin.test.caveat?.contains("login page") == true) }
  }

  private struct UnknownMask: Error { let text: String }

  private func mask(_ text: String?) throws -> PluginField.Mask? {
    switch text {
    case nil: nil
    case "generic", "generic per value": .generic
    case "empty": .empty
    case "github-token": .githubToken
    case "github-pem": .githubPEM
    case "dburl": .databaseURL
    case "NONE (returned in clear)": PluginField.Mask.none
    case .some(let text): throw UnknownMask(text: text)
    }
  }

  private func requirement(_ required: CatalogueFacts.Required) -> PluginField.Requirement {
    switch required {
    case .flag(let isRequired): isRequired ? .always : .optional
    case .condition(let text): .with(authMethod: String(text.dropFirst("authMethod=".count)))
    }
  }
}
