import DevLakeKit
import DevLakeSimulator
import Testing

@testable import DevLakeShell

/// That a secret shows nowhere, whatever is done with it and whatever goes wrong.
struct CanaryTests {
  private static let canary = "ghp_CanaryCanaryCanaryCanaryCanary4242"
  private static let stored = "ghp_StoredStoredStoredStoredStored4242"

  static let commands = [
    "create --plugin github --org new --token TOKEN",
    "create --plugin github --org new --token TOKEN --dry-run",
    "create --plugin github --org my-org --token TOKEN",
    "create --plugin github --token TOKEN",
    "create --plugin nope --token TOKEN",
    "create --plugin github --org new --tokn TOKEN",
    "create --plugin github --org new --field token=TOKEN",
    "create --plugin github --org new --field refreshToken=TOKEN --token TOKEN",
    "create --plugin jenkins --endpoint https://j.example.com/ --username u --token TOKEN",
    "update github/1 --token TOKEN", "update github/1 --token TOKEN --dry-run",
    "update github/9 --token TOKEN", "update github/1 --token 'TOKEN ' --name x",
    "rotate github/1 --token TOKEN", "rotate github/1 --token=TOKEN", "rotate all --token TOKEN",
    "rotate github/1 --token TOKEN --dry-run --json", "rotate github/1 --token=TOKEN --bogus",
    "rotate github/1 --token ghp_TOKEN,short", "list --json", "list --wide", "show github/1",
    "show github/1 --json", "test github/1 --json", "test github/1", "impact github/1",
    "delete github/1 --force --json",
    "status --json", "plugins",
  ]

  private static let troubles: [[String]] = [
    [], ["POST /**=status:500"], ["PATCH /**=lost", "POST /**/connections=lost"],
    ["POST /**=garbage"], ["POST /**=html"], ["*=migrating"], ["*=close"],
  ]

  private static let connection: JSONObject = [
    "plugin": "github", "name": "GitHub - my-org", "endpoint": "https://api.github.com/",
    "authMethod": "AccessToken", "token": .string(stored), "refreshToken": .string(stored),
  ]

  @Test(arguments: commands)
  func `no stream and no file has a secret`(_ command: String) async throws {
    for faults in Self.troubles {
      try await ShellFixture.with(connection: Self.connection, faults: faults) { place in
        let text = command.replacing("TOKEN", with: Self.canary)
        for options in [["--verbose"], ["--verbose", "--json"]] {
          let shell = await place.run(text, options)
          for secret in [Self.canary, Self.stored, "CanaryCanary", "StoredStored"] {
            #expect(!shell.everything.contains(secret), "\(faults) \(options): \(shell.everything)")
          }
        }
        try #expect(!place.folder.everything().contains("Canary"))
      }
    }
  }

  @Test func `what DevLake says back is cleaned of the secret it was sent`() async throws {
    let body = #"{"success":false,"message":"cannot use CANARY here"}"#
      .replacing("CANARY", with: Self.canary)
    try await ShellFixture.with(
      seed: .demo,
      faults: ["POST /plugins/github/test=status:400:\(body)"]
    ) { place in
      let shell = await place.run("create --plugin github --org new --token \(Self.canary)", ["-v"])
      #expect(shell.exitCode == .failure)
      #expect(shell.stdout.contains("cannot use"))
      #expect(!shell.everything.contains("Canary"))
    }
  }

  @Test func `keys, passwords and headers for DevLake itself show nowhere`() async throws {
    try await ShellFixture.with(seed: .demo) { place in
      let options = [
        "-v", "--api-key", "text:\(Self.canary)", "--header", "X-Own: \(Self.canary)",
      ]
      for faults in [[], ["*=status:401"], ["*=html"]] {
        place.simulator.setFaults(try faults.map { try FaultRule(parsing: $0) })
        for command in ["list", "status --json", "show github/9"] {
          let shell = await place.run(command, options)
          #expect(!shell.everything.contains("Canary"))
        }
      }
      place.simulator.setFaults([])
      let named = place.simulator.url.replacing("://", with: "://ada:\(Self.canary)@")
      let shell = await place.with(["DEVLAKE_URL": named]).run(
        "create --plugin circleci --token text:t; status",
        ["-v"]
      )
      #expect(shell.exitCode == .success, "\(shell.stderr)")
      #expect(!shell.everything.contains("Canary"))
      try #expect(!place.folder.everything().contains("Canary"))
    }
  }

  @Test func `an env file's secret shows nowhere, and stays there when it did not serve`()
    async throws
  {
    try await ShellFixture.with(faults: ["POST /**=status:500"]) { place in
      try place.folder.write(".devlake.env", "GITHUB_PAT=\(Self.canary)\n")
      let shell = await place.run("create --plugin github --org new", ["-v"])
      #expect(!shell.exitCode.isSuccess)
      #expect(!shell.everything.contains("Canary"))
      #expect(place.folder.text(".devlake.env") == "GITHUB_PAT=\(Self.canary)\n")
    }
  }
}
