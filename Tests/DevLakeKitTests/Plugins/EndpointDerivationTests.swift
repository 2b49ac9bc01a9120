import DevLakeKit
import Testing

/// The endpoint of an OAuth2 connection of Jira, which DevLake makes itself.
struct EndpointDerivationTests {
  @Test(
    arguments: [
      ("11111111-2222-3333-4444-555555555555", true), ("  abc-1 ", true), ("", false),
      ("a/b", false), ("a b", false), ("é", false), (String(repeating: "a", count: 65), false),
    ]
  )
  func `the gateway's address is made of the cloud id`(_ id: String, isAccepted: Bool) throws {
    let derivation = try #require(PluginDescriptor.jira.endpoint?.derivation)
    let endpoint = try? derivation.endpoint(for: id)
    let bare = id.split(separator: " ").joined()
    #expect(
      endpoint == (isAccepted ? "https://api.atlassian.com/ex/jira/\(bare)/rest/" : nil)
    )
  }

  @Test(
    arguments: [
      (["username"], "BasicAuth"), (["clientId"], "OAuth2"),
      (["clientSecret", "cloudId"], "OAuth2"),
      (["cloudId"], nil), ([], nil), (["token", "cloudId"], "AccessToken"),
    ] as [([String], String?)]
  )
  func `what is given decides the authentication`(_ fields: [String], _ method: String?) {
    #expect(PluginDescriptor.jira.decidedMethod(given: fields)?.name == method)
  }
}
