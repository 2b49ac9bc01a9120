import DevLakeKit
import Testing

@Suite("What is dangerous about a plugin is known")
struct DangersTests {
  private func ids(_ matches: (PluginDescriptor) -> Bool) -> [String] {
    PluginRegistry.standard.plugins.filter(matches).map(\.id)
  }

  @Test("two plugins store a mask sent back as the secret")
  func storedMasks() {
    #expect(ids { $0.maskEcho == .stored } == ["azuredevops_go", "argocd"])
  }

  @Test("plugins whose empty mask is refused")
  func refusedMasks() {
    #expect(ids { $0.maskEcho == .refused } == ["azuredevops", "bitbucket_server", "tempo"])
    for plugin in PluginRegistry.standard.plugins where plugin.maskEcho == .refused {
      #expect(plugin.fields.contains { $0.mask == .empty })
    }
  }

  @Test("a GitHub PATCH keeps only what is named")
  func replaced() {
    #expect(ids { $0.patch != .merge } == ["github"])
    #expect(
      PluginDescriptor.github.patch
        == .replace(
          except: ["enableGraphql", "refreshToken", "tokenExpiresAt", "refreshTokenExpiresAt"])
    )
  }

  @Test("tests that do not ask the service are told from those that do")
  func reach() {
    #expect(ids { $0.test.reach == .host } == ["slack"])
    #expect(ids { $0.test.reach == .nothing } == ["q_dev"])
    #expect(ids { !$0.test.isAvailable } == ["webhook"])
    #expect(ids { $0.test.ignoresCandidate } == ["azuredevops", "bitbucket_server"])
    #expect(
      ids { $0.test.needsName } == [
        "gh-copilot", "claude_code", "cursor", "kiro", "q_dev",
      ]
    )
    #expect(ids { $0.test.acceptsLogin } == ["github"])
    #expect(ids { $0.test.successMember != "success" } == ["ae"])
  }

  @Test("tests that pass or fail wrongly have a caveat")
  func caveats() {
    let misleading = [
      "github", "jenkins", "circleci", "gitlab", "bitbucket", "azuredevops_go", "pagerduty",
      "argocd", "asana", "azuredevops", "clickup", "grafana_irm", "incidentio", "linear",
      "opsgenie",
      "q_dev", "rootly", "slack", "tempo", "testmo",
    ]
    #expect(ids { $0.test.caveat != nil } == misleading)
  }

  @Test("only ZenTao's database address is cleared by an empty value")
  func cleared() {
    let fields = PluginRegistry.standard.plugins.flatMap(\.fields)
    #expect(fields.filter(\.isClearedByEmpty).map(\.name) == ["dbUrl"])
  }

  @Test("a webhook's key is given once, and nothing keeps a webhook from being deleted")
  func webhook() {
    #expect(ids { !$0.issuedSecret.isEmpty } == ["webhook"])
    #expect(PluginDescriptor.webhook.issuedSecret == ["apiKey", "apiKey"])
    #expect(ids { !$0.deletion.blueprints } == ["webhook"])
    #expect(ids { $0.deletion.impossible != nil } == ["testmo"])
  }

  @Test("names may be longer for Asana alone")
  func nameLimits() {
    #expect(ids { $0.nameLimit != 100 } == ["asana"])
  }

  @Test("a secret is a secret even where DevLake shows it")
  func shownSecrets() {
    #expect(PluginDescriptor.github.secretFields == ["token", "secretKey", "refreshToken"])
    #expect(PluginDescriptor.zenTao.secretFields == ["password", "dbUrl"])
    #expect(PluginDescriptor.claudeCode.secretFields == ["token", "customHeaders"])
  }
}
