import Testing

@testable import DevLakeKit

/// That the file of named instances is read, and its mistakes are told by place and name.
struct NamedInstancesTests {
  private func read(_ yaml: String, mode: Int = 0o600) throws -> NamedInstances {
    let folder = try ScratchFolder()
    let path = try folder.write("instances.yaml", yaml, mode: mode)
    return try withExtendedLifetime(folder) { try NamedInstances(readingFileAt: path) }
  }

  @Test func `an instance has an address and a login`() throws {
    let instances = try read(
      """
      staging:
        url: https://devlake.staging.example/api
        apiKey: env:STAGING_KEY
        caCert: ca.pem
        headers: {X-Team: platform, X-Token: env:TEAM}
      lab: {url: "http://lab:8080", user: ada, password: 1234}
      """
    )
    #expect(instances.all.map(\.name) == ["staging", "lab"])
    let staging = try #require(instances["staging"])
    #expect(staging.apiKey == (try SecretReference("env:STAGING_KEY")))
    #expect(staging.certificateFile == "ca.pem")
    #expect(staging.headers.map(\.name) == ["X-Team", "X-Token"])
    #expect(staging.literalSecrets.isEmpty)
    #expect(instances["lab"]?.literalSecrets == ["password"])
    #expect(instances["lab"]?.password?.description == "***")
  }

  @Test func `an instance is known by its address however it is spelled`() throws {
    let instances = try read("lab: {url: 'https://Lab.example/api/'}")
    #expect(instances.contains(try ServerURL("https://lab.example:443")))
    #expect(!instances.contains(try ServerURL("https://lab.example:8443")))
  }

  @Test func `no file is no instance`() throws {
    let folder = try ScratchFolder()
    let instances = try NamedInstances(readingFileAt: folder.path("instances.yaml"))
    #expect(instances.all.isEmpty)
    #expect(!instances.exists)
  }

  @Test func `a file others can read is known as one`() throws {
    #expect(try read("lab: {url: 'http://lab'}", mode: 0o644).isReadableByOthers)
  }

  @Test(
    arguments: [
      ("- a", "it is not a mapping of names"),
      ("lab: http://lab", "instance 'lab' is not a mapping of settings"),
      ("lab: {uri: x}", "instance 'lab' has no setting 'uri'; there are url, apiKey"),
      ("lab: {apiKey: x}", "instance 'lab' has no 'url'"),
      ("lab: {url: [x]}", "instance 'lab' needs text in 'url'"),
      ("lab: {url: x}", "instance 'lab' has an unusable 'url': 'x' is not a server URL"),
      ("lab: {url: 'http://lab:65536'}", "the port is 65536"),
      ("lab: {url: 'http://lab/@other'}", "the URL cannot be used"),
      ("lab: {url: 'http://lab', user: ada}", "a 'user' and no 'password'"),
      ("lab: {url: 'http://x', user: a, password: b, apiKey: c}", "only one can be used"),
      ("lab: {url: 'http://x', apiKey: 'env:'}", "an unusable 'apiKey'"),
      ("lab: {url: 'http://x', headers: [a]}", "a mapping in 'headers'"),
      ("lab: {url: 'http://x', headers: {A: [b]}}", "text in 'headers.A'"),
      ("a/b: {url: x}", "'a/b' is not a valid name"),
      ("lab: {url: x\n", "line 2, column 1"),
    ]
  )
  func `a mistake says which instance and what`(yaml: String, reason: String) {
    let error = #expect(throws: NamedInstancesError.self) { try read(yaml) }
    #expect(error?.description.contains(reason) == true, "\(error?.description ?? "")")
    #expect(error?.description.contains("instances.yaml") == true)
  }
}
