import DevLakeSimulator
import Testing

@testable import DevLakeKit

/// What a mask tells of a secret.
struct SecretEvidenceTests {
  private static let token = "ghp_Demo1a2B3c4D5e6F7g8H9i0JkLmNoPqRsT01"
  private static let other = "ghp_Demo1a2B3c4D5e6F7g8H9i0JkLmNoPqRsT02"
  private static let pem =
    "-----BEGIN RSA PRIVATE KEY-----\n" + String(repeating: "MIIEabcd", count: 20)
    + "\n-----END RSA PRIVATE KEY-----"

  @Test(
    arguments: [
      (PluginField.Mask.githubToken, token, "ghp_Demo1a2B********************LmNoRsT1", false),
      (.githubToken, token, SecretMask.githubToken(token), true),
      (.githubToken, other, SecretMask.githubToken(token), false),
      (.githubToken, "\(token),\(other)", SecretMask.githubToken(token), false),
      (
        .githubToken, "\(token),\(other)",
        SecretMask.githubToken(token) + "," + SecretMask.githubToken(other), true
      ),
      (.githubToken, token, "", false),
      (.githubToken, "0123456789abcdef", SecretMask.githubToken(token), false),
      (.githubPEM, pem, SecretMask.githubPEM(pem), true),
      (.githubPEM, pem, SecretMask.githubPEM(pem + "\n"), true),
      (.githubPEM, pem, SecretMask.githubPEM("-----BEGIN other" + pem), false),
      (.none, "ghr_clear", "ghr_clear", true), (.none, "ghr_clear", "ghr_other", false),
    ]
  )
  func `GitHub's masks tell`(mask: PluginField.Mask, secret: String, shown: String, isSame: Bool) {
    let field = PluginField("token", .text, mask: mask, help: "")
    let evidence = SecretEvidence(Secret(secret), of: field, shown: shown)
    #expect(evidence == (isSame ? .same : .other))
  }

  @Test(
    arguments: [
      (
        PluginField.Mask.generic, "glpat-one1", "gl******e1",
        SecretEvidence.unknown
      ),
      (.generic, "glpat-two2", "gl******e1", .other),
      (.generic, "glpat-two2", "", .unknown),
      (.empty, "password", "", .unknown),
      (.githubToken, "0123456789abcdef", "01************ef", .unknown),
      (.databaseURL, "mysql://u:pass@h/d", "mysql://u:****@h/d", .unknown),
      (.databaseURL, "mysql://u:pass@h2/d", "mysql://u:****@h/d", .other),
    ]
  )
  func `other masks show too little`(
    mask: PluginField.Mask,
    secret: String,
    shown: String,
    expected: SecretEvidence
  ) {
    let field = PluginField("token", .text, mask: mask, help: "")
    #expect(SecretEvidence(Secret(secret), of: field, shown: shown) == expected)
  }

  @Test func `stars stand where the middle occurs first`() {
    // Measured: `abababababab` → `********abab`.
    #expect(SecretMask.generic("abababababab") == "********abab")
  }
}
