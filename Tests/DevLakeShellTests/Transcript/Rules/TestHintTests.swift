import DevLakeKit
import DevLakeSimulator
import Testing

@testable import DevLakeShell

/// That a failed test tells what to look at, and nothing that does not fit the connection.
struct TestHintTests {
  static let cases: [(connection: JSONObject, hint: String)] = [
    (
      [
        "plugin": "sonarqube", "name": "s", "endpoint": "https://sonar.example.com/api/",
        "token": "BAD",
      ], "check the token"
    ),
    (
      [
        "plugin": "jira", "name": "j", "endpoint": "https://jira.example.com/rest/",
        "authMethod": "AccessToken", "token": "BAD",
      ], "check the API token"
    ),
    (
      [
        "plugin": "jira", "name": "j", "endpoint": "https://jira.example.com/rest/",
        "authMethod": "BasicAuth", "username": "ada", "password": "BAD",
      ], "check the user name and the API token"
    ),
    (
      [
        "plugin": "gitlab", "name": "g", "endpoint": "http://127.0.0.1:9310/404/gitlab/",
        "token": "t",
      ], "the endpoint usually ends in '/api/v4/'"
    ),
  ]

  @Test(arguments: cases)
  func `one connection and all get the same hint`(
    _ connection: JSONObject,
    _ hint: String
  ) async throws {
    try await ShellFixture.with(connection: connection) { place in
      let plugin = try #require(connection["plugin"]?.string)
      let one = await place.run("test \(plugin)/1")
      #expect(one.exitCode == .failure)
      #expect(one.stderr.hasPrefix("   💡 \(hint)\n"), "\(one.stderr)")
      let all = await place.run("test all")
      #expect(all.stderr.hasPrefix("   💡 \(hint)\n"), "\(all.stderr)")
    }
  }

  @Test func `of several, what failed stands last, with how many did`() async throws {
    try await ShellFixture.with(seed: .demo) { place in
      let all = await place.run("test all")
      let lines = all.stdout.split(separator: "\n")
      #expect(lines.last?.hasPrefix("14 connections: ") == true, "\(lines)")
      #expect(lines.last?.hasSuffix(", 1 failed") == true, "\(lines)")
      #expect(lines.dropLast().last?.hasPrefix("❌ jenkins/2") == true)
      let passed = await place.run("test github/1 github/2")
      #expect(passed.stdout.hasSuffix("\n2 connections: 2 passed\n"))
      let one = await place.run("test jenkins/2")
      #expect(!one.stdout.contains("connections:"))
    }
  }
}
