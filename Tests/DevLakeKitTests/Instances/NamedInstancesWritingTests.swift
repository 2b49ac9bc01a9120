import Testing

@testable import DevLakeKit

/// That an entry is added and removed without a change of anything else a person wrote.
struct NamedInstancesWritingTests {
  private static let written = """
    # Ours.
    staging:   # the test one
      url: https://devlake.staging.example/api
      apiKey: env:STAGING_KEY

    # The real one: ask first.
    prod: {url: "https://lake.example/api", protected: true, color: red}
    # the end

    """

  private func entry(_ name: String) throws -> NamedInstance {
    NamedInstance(
      name,
      url: try ServerURL("http://lab:8080"),
      apiKey: try SecretReference("cmd:vault kv get -field=key lake"),
      isReadOnly: true,
      color: .blue
    )
  }

  @Test func `a first entry makes the file, for its owner alone`() throws {
    let folder = try ScratchFolder()
    let path = folder.path("new/instances.yaml")
    let entry = try entry("lab")
    try NamedInstances.add(entry, toFileAt: path)
    #expect(try NamedInstances(readingFileAt: path).all == [entry])
    #expect(try folder.mode("new/instances.yaml") == 0o600)
    #expect(try folder.mode("new") == 0o700)
    let text = try #require(folder.text("new/instances.yaml"))
    #expect(text.contains("cmd:vault kv get -field=key lake"), "\(text)")
  }

  @Test func `a further entry stands behind the others, and they stay as they are`() throws {
    let folder = try ScratchFolder()
    let path = try folder.write("instances.yaml", Self.written)
    try NamedInstances.add(try entry("lab"), toFileAt: path)
    let text = try #require(folder.text("instances.yaml"))
    #expect(text.hasPrefix(Self.written), "\(text)")
    #expect(try NamedInstances(readingFileAt: path).all.map(\.name) == ["staging", "prod", "lab"])
  }

  @Test func `an entry of that name is not replaced`() throws {
    let folder = try ScratchFolder()
    let path = try folder.write("instances.yaml", Self.written)
    #expect(throws: NamedInstancesError.exists(path: path, name: "prod")) {
      try NamedInstances.add(try entry("prod"), toFileAt: path)
    }
    #expect(folder.text("instances.yaml") == Self.written)
  }

  @Test func `an entry is cut out, and the remark above the next one stays`() throws {
    let folder = try ScratchFolder()
    let path = try folder.write("instances.yaml", Self.written)
    try NamedInstances.remove("staging", fromFileAt: path)
    #expect(
      folder.text("instances.yaml") == """
        # Ours.

        # The real one: ask first.
        prod: {url: "https://lake.example/api", protected: true, color: red}
        # the end

        """
    )
    try NamedInstances.remove("prod", fromFileAt: path)
    #expect(try NamedInstances(readingFileAt: path).all.isEmpty)
    #expect(folder.text("instances.yaml")?.contains("# the end") == true)
  }

  @Test(arguments: [
    "{a: {url: 'http://a'}, b: {url: 'http://b'}}\n",
    "a:\n  url: http://a\n? b\n: {url: 'http://b'}\n",
  ])
  func `a file written in another way is left to people`(text: String) throws {
    let folder = try ScratchFolder()
    let path = try folder.write("instances.yaml", text)
    #expect(throws: NamedInstancesError.unchangeable(path: path, name: "b")) {
      try NamedInstances.remove("b", fromFileAt: path)
    }
    #expect(folder.text("instances.yaml") == text)
  }

  @Test func `a file that others can write is not changed`() throws {
    let folder = try ScratchFolder()
    let path = try folder.write("instances.yaml", Self.written, mode: 0o666)
    #expect(throws: NamedInstancesError.self) {
      try NamedInstances.add(try entry("lab"), toFileAt: path)
    }
    #expect(folder.text("instances.yaml") == Self.written)
  }

  @Test func `what the secret is cannot be written`() throws {
    let folder = try ScratchFolder()
    let path = folder.path("instances.yaml")
    let entry = NamedInstance(
      "lab",
      url: try ServerURL("http://lab"),
      apiKey: try SecretReference("s3cret-key")
    )
    #expect(throws: NamedInstancesError.self) { try NamedInstances.add(entry, toFileAt: path) }
    #expect(folder.text("instances.yaml") == nil)
  }

  @Test func `a color is one of those there are`() throws {
    let folder = try ScratchFolder()
    let path = try folder.write("instances.yaml", "lab: {url: 'http://lab', color: mauve}\n")
    let error = #expect(throws: NamedInstancesError.self) {
      try NamedInstances(readingFileAt: path)
    }
    #expect(error?.description.contains("the unknown color 'mauve'; there are red") == true)
  }
}
