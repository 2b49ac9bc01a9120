import DevLakeSimulator
import Testing

@testable import DevLakeShell

/// That formats of rows have a row for each thing, and commands with many secrets one round of them.
struct InnerRowTests {
  @Test func `an export and a plan have a row of each connection in csv and tsv`() async throws {
    try await ShellFixture.with(seed: .demo) { place in
      let export = await place.run("export -o csv")
      let lines = export.stdout.split(separator: "\n")
      #expect(lines.count == 15, "\(export.everything)")
      #expect(lines.first?.hasPrefix("plugin,name,endpoint,") == true)
      try place.folder.write(
        "wanted.yaml",
        "version: 1\nconnections:\n- {plugin: gitlab, name: a, endpoint: 'https://x/api/v4/'}\n"
          + "- {plugin: gitlab, name: b, endpoint: 'https://y/api/v4/'}\n"
      )
      let plan = await place.run("plan wanted.yaml --secrets never -o tsv")
      #expect(plan.stdout.split(separator: "\n").count == 3, "\(plan.everything)")
      #expect(plan.stdout.hasPrefix("action\tplugin\tname\tid\tfields"), "\(plan.stdout)")
    }
  }

  @Test func `the references of a file are followed side by side, each once`() async throws {
    try await ShellFixture.with(seed: .empty) { place in
      func command(_ own: String, _ other: String) -> String {
        let (own, other) = (place.folder.path(own), place.folder.path(other))
        return "cmd:echo x >> \(own); for i in $(seq 500); do test -e \(other) && break; "
          + "sleep 0.02; done; test -e \(other) && echo abcdefghijkl"
      }
      let rows = [("a", "b"), ("b", "a"), ("a", "b")].enumerated().map { index, names in
        "gitlab,n\(index),g,\(command(names.0, names.1))\n"
      }
      try place.folder.write("in.csv", "plugin,name,org,token\n" + rows.joined())
      let shell = await place.run("create --from in.csv --allow-cmd")
      #expect(shell.exitCode == .success, "\(shell.everything)")
      #expect(place.simulator.connections("gitlab").count == 3)
      #expect(place.folder.text("a") == "x\n")
    }
  }

  @Test func `every reference of a file that leads nowhere is told`() async throws {
    try await ShellFixture.with(seed: .empty) { place in
      try place.folder.write(
        "in.csv",
        "plugin,name,org,token\ngitlab,a,g,env:NOPE1\ngitlab,b,g,env:NOPE2\n"
      )
      let shell = await place.run("create --from in.csv")
      #expect(shell.exitCode == .usage, "\(shell.everything)")
      for text in ["in.csv:2:12", "in.csv:3:12", "NOPE1", "NOPE2"] {
        #expect(shell.stderr.contains(text), "\(shell.stderr)")
      }
      #expect(place.writes.isEmpty)
    }
  }
}
