/// Made-up secrets in the forms the services give them out.
enum Tokens {
  static let github = "ghp_Test1a2B3c4D5e6F7g8H9i0JkLmNoPqRsT01"
  static let newGitHub = "ghp_Fresh9z8Y7x6W5v4U3t2S1rQpOnMlKjIhG02"
  static let fineGrained = "github_pat_11TESTAAA0" + String(repeating: "a1B2c3D4e5", count: 8)
  static let refused = "ghp_BADa1a2B3c4D5e6F7g8H9i0JkLmNoPqRsT99"
}
