import DevLakeKit
import DevLakeSimulator
import Testing

@testable import DevLakeShell

/// That a plugin the catalogue lacks is worked with like any other, by the first command already.
struct UnknownPluginTests {
  private static let row =
    #"{"id":7,"name":"old/7","apiToken":"clear","updatedAt":"2026-05-05T09:55:36Z"}"#
  private static let faults = [
    "GET /plugins/mystery/connections=status:200:[\(row)]",
    "/plugins/mystery/connections/7=status:200:\(row)",
    "POST /plugins/mystery/connections/7/test=status:200:{\"success\":true}",
  ]

  @Test(arguments: [
    "show mystery/7", "show 'mystery/old*'", "show mystery/name:old/7",
    "use gitlab; show mystery/7",
    "show mystery/*", "show --plugin mystery --id 7", "use mystery; show 7",
  ])
  func `it is found by whatever names it`(_ command: String) async throws {
    try await Workplace.with(seed: .demo, faults: Self.faults) { place in
      let shell = await place.run(command, ["-o", "csv"])
      #expect(shell.exitCode == .success, "\(shell.stderr)")
      #expect(
        shell.stdout
          == "plugin,id,name,apiToken,updatedAt\nmystery,7,old/7,***,2026-05-05T09:55:36Z\n"
      )
    }
  }

  @Test func `a field of it gets a new secret, tested first`() async throws {
    try await Workplace.with(seed: .demo, faults: Self.faults) { place in
      let shell = await place.run("update mystery/7 --field apiToken=text:fresh")
      #expect(shell.exitCode == .success, "\(shell.stderr)")
      let path = "/plugins/mystery/connections/7"
      #expect(place.writes == ["POST \(path)/test", "PATCH \(path)", "POST \(path)/test"])
      #expect(!shell.everything.contains("fresh"))
      #expect(!shell.everything.contains("clear"))
    }
  }

  @Test func `a name with a slash is still a name`() async throws {
    let named: JSONObject = ["plugin": "circleci", "name": "team/7", "token": "t"]
    try await Workplace.with(connection: named) { place in
      let shell = await place.run("show team/7 --fields name")
      #expect(shell.stdout == "name: team/7\n", "\(shell.stderr)")
      let none = await place.run("show nobody/7")
      #expect(none.exitCode == .failure)
      #expect(none.stderr.contains("no plugin named 'nobody'"))
    }
  }
}
