import DevLakeKit
import DevLakeSimulator
import Testing

@testable import DevLakeShell

/// One command on many instances: side by side, each with its own login, failures as rows.
struct FleetTests {
  @Test func `connections of several stand in one table`() async throws {
    try await FleetPlace.with { fleet in
      let shell = await fleet.run("list --plugin gitlab --instances 'prod-*'")
      #expect(shell.exitCode == .success, "\(shell.everything)")
      let lines = shell.stdout.split(separator: "\n").map(String.init)
      #expect(lines.first?.hasPrefix("Instance  Plugin") == true, "\(shell.stdout)")
      #expect(lines.filter { $0.hasPrefix("prod-1") }.count == 2)
      #expect(lines.filter { $0.hasPrefix("prod-2") }.count == 2)
      let lab = try fleet.simulator("lab")
      #expect(lab.requests.isEmpty)
    }
  }

  @Test func `one that fails is a row, an error in the data, and exit 4`() async throws {
    try await FleetPlace.with { fleet in
      let shell = await fleet.run("list --instances lab,gone,prod-1")
      #expect(shell.exitCode == .partial, "\(shell.everything)")
      #expect(shell.stdout.contains("Error"), "\(shell.stdout)")
      let gone = try #require(shell.stdout.split(separator: "\n").first { $0.hasPrefix("gone") })
      #expect(gone.contains("❌") && gone.contains("nothing listens"), "\(gone)")
      #expect(shell.stderr.contains("gone: "), "\(shell.stderr)")
      let json = await fleet.run("list --instances lab,gone,prod-1 --json")
      #expect(json.exitCode == .partial)
      let records = try json.records()
      #expect(Set(records.compactMap { $0["instance"] as? String }) == ["gone", "prod-1"])
      #expect(records.filter { $0["error"] == nil }.count == 14)
      let error = records.compactMap { $0["error"] as? [String: Any] }.first
      #expect(error?["code"] as? String == "unreachable")
      // A script sees what is there.
      let rows = await fleet.run("for c in $(list --instances prod-1) { echo ${c.instance} }")
      #expect(rows.stdout == String(repeating: "prod-1\n", count: 14), "\(rows.everything)")
    }
  }

  @Test(arguments: [
    "list", "show gitlab/1", "test gitlab/1", "status", "doctor gitlab/1", "impact github/1",
    "export --plugin gitlab", "plan file.yaml",
  ])
  func `every reading command takes several`(line: String) async throws {
    try await FleetPlace.with { fleet in
      try fleet.place.folder.write(
        "file.yaml",
        "version: 1\nconnections:\n  - {plugin: gitlab, name: fresh, token: env:NEW}\n"
      )
      let json = await fleet.run(line + " --instances 'prod-*' --json")
      #expect(json.exitCode == .success, "\(line): \(json.everything)")
      let instances = try json.records().compactMap { $0["instance"] as? String }
      #expect(Set(instances) == ["prod-1", "prod-2"], "\(json.stdout)")
      #expect(try json.records().allSatisfy { $0.keys.contains("instance") })
      let people = await fleet.run(line + " --instances 'prod-*'")
      #expect(people.stdout.contains("prod-1") && people.stdout.contains("prod-2"))
      let csv = await fleet.run(line + " --instances 'prod-*' -o csv")
      #expect(csv.stdout.hasPrefix("instance,"), "\(csv.stdout)")
      #expect(fleet.place.simulator.requests.isEmpty)
      // Nothing but tests is sent that is no question.
      for name in ["prod-1", "prod-2"] {
        let requests = try fleet.simulator(name).requests
        #expect(requests.allSatisfy { $0.method == "GET" || $0.path.hasSuffix("/test") })
      }
    }
  }

  @Test func `without a word all connections of all are tested`() async throws {
    try await FleetPlace.with { fleet in
      let shell = await fleet.run("test --instances all --json")
      // One of the demo's connections fails, and one instance is not there.
      #expect(shell.exitCode == .partial, "\(shell.everything)")
      let records = try shell.records()
      #expect(records.filter { $0["verdict"] != nil }.count == 28)
      #expect(records.filter { $0["error"] != nil }.count == 1)
    }
  }

  @Test(arguments: [
    ["--api-key", "env:KEY"], ["--user", "ada", "--password", "env:KEY"],
    ["--header", "X-Team: a"], ["--url", "http://127.0.0.1:1"], ["--instance", "lab"],
  ])
  func `a login for one is not shown to several`(options: [String]) async throws {
    try await FleetPlace.with { fleet in
      for line in ["list --instances all", "diff prod-1 prod-2"] {
        let shell = await fleet.place.with(["KEY": "k3y"]).run(line, options)
        #expect(shell.exitCode == .usage, "\(shell.everything)")
        #expect(shell.stderr.contains(options[0]), "\(shell.stderr)")
      }
      let own = await fleet.run("list --instances all --url http://127.0.0.1:1")
      #expect(own.exitCode == .usage, "\(own.everything)")
      #expect(fleet.simulators.values.allSatisfy { $0.requests.isEmpty })
    }
  }

  @Test func `no key reaches two servers`() async throws {
    let settings = ["prod-1": "apiKey: 'env:KEY_ONE'", "lab": "user: ada, password: 'env:LAB'"]
    try await FleetPlace.with(settings: settings) { fleet in
      let place = fleet.place.with([
        "KEY_ONE": "k3y-of-one", "LAB": "pa55word", "DEVLAKE_API_KEY": "k3y-of-the-environment",
        "DEVLAKE_URL": try fleet.simulator("prod-2").url,
      ])
      for line in ["list --instances all", "test gitlab/1 --instances all", "diff prod-1 prod-2"] {
        _ = await place.run(line)
      }
      let one = try fleet.simulator("prod-1").url
      let (two, lab) = (try fleet.simulator("prod-2").url, try fleet.simulator("lab").url)
      #expect(fleet.traffic.servers(shown: "k3y-of-one") == [one])
      #expect(fleet.traffic.servers(shown: "k3y-of-the-environment").isEmpty)
      #expect(fleet.traffic.servers(shown: "Basic") == [lab])
      // Alone the variable serves as ever.
      _ = await place.run("list")
      #expect(fleet.traffic.servers(shown: "k3y-of-the-environment") == [two])
    }
  }

  @Test func `a pattern that fits nobody is a mistake`() async throws {
    try await FleetPlace.with { fleet in
      let shell = await fleet.run("list --instances 'stage-*'")
      #expect(shell.exitCode == .usage)
      #expect(shell.stderr.contains("there are prod-1, prod-2, lab, gone"), "\(shell.stderr)")
      let change = await fleet.run("rotate all --instances all --token env:X")
      #expect(change.exitCode == .usage)
      #expect(change.stderr.contains("no option '--instances'"), "\(change.stderr)")
    }
  }

  @Test func `a row of another instance selects nothing here`() async throws {
    try await FleetPlace.with { fleet in
      let url = try fleet.simulator("lab").url
      let shell = await fleet.place.with(["DEVLAKE_URL": url]).run(
        "for c in $(list --plugin gitlab --instances prod-1) { delete $c --force }"
      )
      #expect(shell.exitCode == .usage, "\(shell.everything)")
      #expect(shell.stderr.contains("this connection is of 'prod-1'"), "\(shell.stderr)")
      // Each instance takes its own.
      let tests = await fleet.run(
        "let c = $(list --plugin gitlab --instances 'prod-*'); test $c --instances 'prod-*' --json"
      )
      #expect(tests.exitCode == .success, "\(tests.everything)")
      #expect(try tests.records().count == 4)
      // The right one is meant.
      let own = await fleet.place.with(["DEVLAKE_URL": try fleet.simulator("prod-1").url]).run(
        "for c in $(list --plugin gitlab --instances prod-1) { test $c }"
      )
      #expect(own.exitCode == .success, "\(own.everything)")
    }
  }

  @Test func `the log is read for some instances`() async throws {
    try await FleetPlace.with { fleet in
      for name in ["prod-1", "prod-2"] {
        _ = await fleet.run("update gitlab/1 --name n", ["--instance", name])
      }
      let shell = await fleet.run("audit --instances prod-2 --json")
      #expect(shell.exitCode == .success, "\(shell.everything)")
      let url = try fleet.simulator("prod-2").url
      #expect(try shell.records().map { $0["instance"] as? String } == [url])
    }
  }

  @Test func `what a fleet does at once is bounded, whatever its size`() {
    for members in [1, 2, 10, 200, 5000] {
      for descriptors in [20, 64, 256, 1024, 1 << 20] {
        let bound = FleetBound(members: members, descriptors: descriptors)
        #expect(bound.membersAtOnce >= 1 && bound.requestsOfEach >= 1)
        let all = bound.membersAtOnce * bound.requestsOfEach
        #expect(all <= FleetBound.most)
        #expect(all <= max(4, descriptors - 32), "\(members) \(descriptors)")
      }
    }
    // Ten are listed in one go.
    #expect(
      FleetBound(members: 10, descriptors: 1024) == FleetBound(members: 10, descriptors: 4096)
    )
    #expect(FleetBound(members: 10, descriptors: 1024).requestsOfEach >= 45)
  }

  @Test func `many connections of many instances keep to the bound`() async throws {
    let seed = Seed.json([
      "connections": .array(
        (1...100).map { id in
          [
            "plugin": "gitlab", "id": .integer(id), "name": .string("team \(id)"),
            "endpoint": "https://gitlab.com/api/v4/", "token": "glpat-x",
          ]
        }
      )
    ])
    let names = (1...5).map { "site-\($0)" }
    try await FleetPlace.with(seeds: names.map { ($0, seed) }) { fleet in
      let shell = await fleet.run("test --instances 'site-*' --parallel 256 --json")
      #expect(shell.exitCode == .success, "\(shell.stderr)")
      let records = try shell.records()
      #expect(records.count == 500)
      #expect(fleet.traffic.most <= FleetBound.most)
    }
  }
}

/// Two instances compared.
struct DiffTests {
  @Test func `a diff tells what plan would`() async throws {
    try await FleetPlace.with { fleet in
      let same = await fleet.run("diff prod-1 prod-2 --exit-code")
      #expect(same.exitCode == .success, "\(same.everything)")
      #expect(same.stdout.contains("No differences"), "\(same.stdout)")
      try fleet.simulator("prod-2").change("gitlab", 1, ["endpoint": "https://other/api/v4/"])
      try fleet.simulator("prod-1").remove("jenkins", 1)
      let shell = await fleet.run("diff prod-1 prod-2")
      #expect(shell.exitCode == .success, "\(shell.everything)")
      #expect(shell.stdout.contains("- delete  jenkins/1"), "\(shell.stdout)")
      #expect(shell.stdout.contains("endpoint: https://other/api/v4/ → "), "\(shell.stdout)")
      let code = await fleet.run("diff prod-1 prod-2 --exit-code --json")
      #expect(code.exitCode == .differences)
      let record = try #require(try code.json() as? [String: Any])
      #expect(record["from"] as? String == "prod-1")
      let summary = try #require(record["summary"] as? [String: Any])
      #expect(summary["delete"] as? Int == 1 && summary["update"] as? Int == 1)
      let everything = await fleet.run("diff prod-1 lab --json")
      let data = try #require(try everything.json() as? [String: Any])
      let other = data["summary"] as? [String: Any]
      #expect(other?["create"] as? Int == 13, "\(everything.stdout)")
      for name in ["prod-1", "prod-2", "lab"] {
        #expect(try fleet.simulator(name).requests.allSatisfy { $0.method == "GET" })
      }
    }
  }

  @Test func `one that is away is told by its name`() async throws {
    try await FleetPlace.with { fleet in
      let shell = await fleet.run("diff prod-1 gone")
      #expect(shell.exitCode == .unreachable, "\(shell.everything)")
      #expect(shell.stderr.contains("gone: "), "\(shell.stderr)")
    }
  }
}
