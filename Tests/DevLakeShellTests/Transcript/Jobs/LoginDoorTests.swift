import DevLakeKit
import DevLakeSimulator
import Testing

@testable import DevLakeShell

/// Which door stands in front of DevLake, and what opens it: section 7 of what was measured.
struct LoginDoorTests {
  private static let keys: JSONValue = [
    "apiKeys": [
      ["name": "ci", "apiKey": .string(LoginDoorTable.goodKey), "allowedPath": ".*"],
      [
        "name": "narrow", "apiKey": .string(LoginDoorTable.narrowKey),
        "allowedPath": "/plugins/jira/.*",
      ],
      [
        "name": "old", "apiKey": .string(LoginDoorTable.endedKey), "allowedPath": ".*",
        "expiredAt": "2020-01-01T00:00:00Z",
      ],
    ]
  ]

  private func with(_ door: LoginDoor, _ body: (ShellFixture) async throws -> Void) async throws {
    try await ShellFixture.with(
      seed: .json(Self.keys),
      era: .september2026,
      login: door,
      body
    )
  }

  @Test func `every row of the table is asked`() {
    #expect(Set(LoginDoorTable.names) == Set(LoginDoorTable.rows.keys))
    #expect(LoginDoorTable.cells.count > 70)
  }

  @Test("the simulator's doors are the table's", arguments: LoginDoorTable.cells)
  func request(_ cell: LoginDoorTable.Cell) async throws {
    try await with(cell.door) { place in
      let isPost = cell.request.method == "POST"
      let response = try await AsyncHTTPTransport().send(
        HTTPRequest(
          method: cell.request.method,
          url: place.simulator.url + cell.request.path,
          headers: cell.request.headers + (isPost ? [("Content-Type", "application/json")] : []),
          body: isPost
            ? Array(#"{"name":"new","type":"devlake","allowedPath":".*"}"#.utf8) : nil
        ),
        within: .seconds(20)
      )
      #expect(response.status == cell.status)
    }
  }

  /// What is said where the shell is not let in, besides the address and the status.
  private static func words(_ cell: LoginDoorTable.Cell) -> [String] {
    switch (cell.request.name, cell.door) {
    case ("nobody", .onWithoutSecret):
      ["by DevLake itself", "no request can make", "without AUTH_ENABLED"]
    case ("nobody", _): ["by DevLake itself", "--api-key", "FORWARDED_USER_SECRET"]
    case ("Basic", _): ["takes no user name", "--api-key"]
    case ("forwarded user", .onWithoutSecret): ["FORWARDED_USER_SECRET", "which must be set"]
    case ("forwarded user alone", _), ("forwarded user, wrong secret", _):
      ["the forwarded user is not accepted", "FORWARDED_USER_SECRET"]
    case ("good key", .june): ["valid keys", "beta13", "update DevLake"]
    case ("wrong key", _): ["api key is invalid"]
    case ("expired key", _): ["api key has expired"]
    case ("path outside", _): ["path doesn't match api key's scope"]
    default: ["nothing is known of this"]
    }
  }

  @Test(
    "the shell is let in where the table says so, and told what opens the door elsewhere",
    arguments: LoginDoorTable.cells.filter { $0.request.options != nil }
  )
  func door(_ cell: LoginDoorTable.Cell) async throws {
    try await with(cell.door) { place in
      for line in ["connect; plugins", "connect; list --plugin rootly", "status"] {
        let shell = await place.run(line, cell.request.options ?? [])
        for secret in [
          LoginDoorTable.goodKey, LoginDoorTable.narrowKey, LoginDoorTable.endedKey,
          LoginDoor.forwardedSecret, "not-a-key-at-all", "not-the-secret",
        ] {
          #expect(!shell.everything.contains(secret), "\(line): \(shell.everything)")
        }
        guard cell.status != 200 else {
          #expect(shell.exitCode == .success, "\(line): \(shell.everything)")
          continue
        }
        // A key for some plugins shows those.
        #expect(
          shell.exitCode == .unreachable
            || (shell.exitCode == .partial && cell.request.name == "path outside"),
          "\(line): \(shell.everything)"
        )
        for text in Self.words(cell) {
          #expect(shell.everything.contains(text), "\(line): \(shell.everything)")
        }
      }
    }
  }

  @Test func `the secret of a forwarded pair is referred to by --header`() async throws {
    try await with(.on) { direct in
      let place = direct.with(["FORWARDED": LoginDoor.forwardedSecret, "WRONG": "not-the-secret"])
      func run(_ reference: String) async -> Transcript {
        await place.run(
          "connect; plugins",
          [
            "--header", "X-Forwarded-User: octo", "--header",
            "X-Forwarded-User-Secret: \(reference)",
          ]
        )
      }
      let shell = await run("env:FORWARDED")
      #expect(shell.exitCode == .success, "\(shell.everything)")
      #expect(!shell.everything.contains(LoginDoor.forwardedSecret))
      let wrong = await run("env:WRONG")
      #expect(wrong.exitCode == .unreachable, "\(wrong.everything)")
      let unset = await run("env:NOWHERE")
      #expect(!unset.exitCode.isSuccess)
      #expect(unset.stderr.contains("'NOWHERE' is not set"), "\(unset.stderr)")
    }
  }

  @Test func `a forwarded pair stands in instances.yaml`() async throws {
    try await with(.on) { direct in
      var place = direct.with(["FORWARDED": LoginDoor.forwardedSecret])
      place.configurationFolder = place.folder.path("config")
      func write(_ secret: String) throws {
        try place.folder.write(
          "config/instances.yaml",
          """
          prod:
            url: \(place.simulator.url)
            headers:
              X-Forwarded-User: octo
              X-Forwarded-User-Secret: \(secret)
          """
        )
      }
      try write("env:FORWARDED")
      for line in ["connect prod; plugins", "connect prod; list --plugin rootly"] {
        let shell = await place.run(line)
        #expect(shell.exitCode == .success, "\(shell.everything)")
        #expect(!shell.everything.contains(LoginDoor.forwardedSecret))
      }
      try write("env:NOWHERE")
      let unset = await place.run("connect prod; plugins")
      #expect(!unset.exitCode.isSuccess)
      #expect(unset.stderr.contains("'NOWHERE' is not set"), "\(unset.stderr)")
    }
  }

  private static let undecryptable =
    #"500:{"code":500,"success":false,"message":"invalid encryptionSecret\nWraps: (1): "#
    + #"invalid encryptionSecret","causes":["invalid encryptionSecret"],"data":null}"#

  @Test(
    "a lost ENCRYPTION_SECRET is told by every command, with what to do",
    arguments: [
      "list", "list --plugin github", "show github/1", "test github/1", "test all", "status",
      "rotate github/1 --token env:NEW", "update github/1 --name x", "export",
      "delete github/1 --force", "impact github/1", "doctor",
    ]
  )
  func lostKey(_ line: String) async throws {
    try await ShellFixture.with(
      seed: .demo,
      faults: [
        #"GET /plugins/*/connections=status:500:[{"id":1,"name":"a","token":""}]"#,
        "GET /plugins/*/connections/*=status:\(Self.undecryptable)",
        "POST /plugins/*/connections/*/test=status:\(Self.undecryptable)",
      ]
    ) { direct in
      let place = direct.with(["NEW": Tokens.github])
      let shell = await place.run(line)
      #expect(!shell.exitCode.isSuccess, "\(shell.everything)")
      let said = shell.everything.ranges(of: "an ENCRYPTION_SECRET other than").count
      // What doctor finds is also what it fails by.
      #expect(line == "doctor" ? said >= 1 : said == 1, "\(shell.everything)")
      #expect(shell.everything.contains("start DevLake with its former"), "\(shell.everything)")
      #expect(place.writes.filter { !$0.hasSuffix("/test") }.isEmpty)
    }
  }

  @Test func `a test that fails for a lost ENCRYPTION_SECRET says so`() async throws {
    try await ShellFixture.with(
      seed: .demo,
      faults: ["POST /plugins/github/connections/*/test=status:\(Self.undecryptable)"]
    ) { place in
      let shell = await place.run("test github/1")
      #expect(shell.exitCode == .failure)
      #expect(shell.everything.contains("an ENCRYPTION_SECRET other"), "\(shell.everything)")
      #expect(shell.everything.contains("start DevLake with its former"), "\(shell.everything)")
      let findings = try await place.run("doctor github/1 --json").records()
      let finding = try #require(findings.first { $0["cause"] as? String == "encryption" })
      #expect(finding["fix"] == nil)
      #expect((finding["message"] as? String)?.contains("start DevLake with its former") == true)
    }
  }

  @Test func `secrets stored with another key are one finding that says what to do`() async throws {
    let rows = #"500:[{"id":1,"name":"a","token":""}]"#
    try await ShellFixture.with(
      faults: ["GET /plugins/gitlab/connections=status:\(rows)"]
    ) { place in
      let shell = await place.run("doctor --json")
      let findings = try shell.records().filter {
        ($0["message"] as? String)?.contains("ENCRYPTION_SECRET") == true
      }
      #expect(findings.count == 1, "\(shell.everything)")
      let list = await place.run("list --plugin gitlab")
      #expect(list.stderr.contains("an ENCRYPTION_SECRET other"), "\(list.stderr)")
    }
  }
}
