import Foundation
import Testing

@testable import DevLakeKit

@Suite struct StateFileStoreTests {
  private let folder: ScratchFolder
  private let store: StateFileStore
  private let url = ServerURL.local(8080)
  private let github = StateFile.Connection(
    plugin: "github",
    id: 1,
    name: "G",
    organization: "acme"
  )

  init() throws {
    folder = try ScratchFolder()
    store = StateFileStore(folder: folder.path) { 1_795_352_835 }
  }

  private let local = ".devlake-local.json"
  private let azure = ".devlake-azure.json"

  private func state(_ backend: String, _ more: String = "") -> String {
    "{\"endpoints\":{\"backend\":\"\(backend)\"}\(more)}"
  }

  @Test func `writes a new file for its owner alone`() throws {
    #expect(
      try store.record(github, of: ServerURL("http://localhost:8080/"))
        == .written(path: folder.path(local))
    )
    #expect(try folder.mode(local) == 0o600)
    #expect(try folder.names == [local])
    #expect(store.connection(plugin: "github", id: 1, of: url) == github)
    #expect(
      folder.text(local)?.contains("\"connectionsConfiguredAt\": \"2026-11-22T13:07:15Z\"") == true
    )
  }

  @Test(arguments: ["http://localhost:8080/", "http://127.0.0.1:8080", "http://u:p@localhost:8080"])
  func `finds its file however the URL is written`(stored: String) throws {
    try folder.write(azure, state(stored), mode: 0o640)
    #expect(try store.record(github, of: url) == .written(path: folder.path(azure)))
    #expect(try folder.names == [azure])
    #expect(try folder.mode(azure) == 0o640)
  }

  @Test(arguments: ["http://elsewhere:8080", ""])
  func `never writes the file of another instance`(backend: String) throws {
    let text = state(
      backend,
      ",\"connections\":[{\"plugin\":\"github\",\"connectionId\":1,\"name\":\"x\"}]"
    )
    try folder.write(local, text)
    let outcome = try store.record(github, of: url)
    #expect(outcome.note?.hasPrefix("'\(folder.path(local))' belongs to ") == true)
    #expect(try store.forget(plugin: "github", id: 1, of: url) == .unchanged)
    #expect(store.connection(plugin: "github", id: 1, of: url) == nil)
    #expect(folder.text(local) == text)
    #expect(try folder.names == [local])
  }

  @Test func `says whose file it is without the password`() throws {
    try folder.write(local, state("http://u:hunter2@elsewhere"))
    let note = try store.record(github, of: url).note
    #expect(
      note == "'\(folder.path(local))' belongs to the DevLake at http://elsewhere, "
        + "so nothing was recorded"
    )
  }

  @Test func `starts a local file beside another instance's Azure file`() throws {
    let text = state("http://elsewhere")
    try folder.write(azure, text)
    #expect(try store.record(github, of: url) == .written(path: folder.path(local)))
    #expect(folder.text(azure) == text)
  }

  @Test func `reads Azure first and forgets in both`() throws {
    let entry = ",\"connections\":[{\"plugin\":\"github\",\"connectionId\":1,\"name\":\"x\"}]"
    try folder.write(local, state(url.text, entry))
    try folder.write(azure, state(url.text, entry))
    #expect(store.read().entries.map(\.path) == [folder.path(azure), folder.path(local)])
    _ = try store.forget(plugin: "github", id: 1, of: url)
    #expect(store.read().entries.allSatisfy { $0.file.connections.isEmpty })
    #expect(folder.text(local)?.contains("\"connections\"") == false)
  }

  @Test(arguments: ["", "{", "[]", "{\"endpoints\":1}", "{\"connections\":[{}]}", "\u{FEFF}{}"])
  func `leaves a broken file byte for byte`(text: String) throws {
    try folder.write(local, text)
    let error = #expect(throws: StateFileError.self) { try store.record(github, of: url) }
    let start = "state file '\(folder.path(local))' cannot be used and is ignored: "
    #expect(error?.description.hasPrefix(start) == true)
    #expect(error?.description.contains("\n") == false)
    #expect(store.read().problems == [try #require(error)])
    #expect(try store.forget(plugin: "github", id: 1, of: url) == .unchanged)
    #expect(folder.text(local) == text)
    #expect(try folder.names == [local])
  }

  @Test func `says in one line when the folder cannot be written`() throws {
    let missing = StateFileStore(folder: folder.path("none"))
    let error = #expect(throws: StateFileError.self) { try missing.record(github, of: url) }
    let path = folder.path("none")
    #expect(error?.description == "state file: cannot write '\(path)': No such file or directory")

    try folder.write("file", "")
    let inFile = StateFileStore(folder: folder.path("file"))
    #expect(throws: StateFileError.self) { try inFile.record(github, of: url) }
    #expect(folder.text("file") == "")
  }

  @Test func `refuses what is not a file`() throws {
    let path = folder.path(local)
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    #expect(throws: StateFileError.file(.notAFile(path: path, kind: "a directory"))) {
      try store.record(github, of: url)
    }
  }

  @Test func `writes through a link and never replaces it`() throws {
    let other = try ScratchFolder()
    try other.write("state", state(url.text))
    try FileManager.default.createSymbolicLink(
      atPath: folder.path(local),
      withDestinationPath: other.path("state")
    )
    #expect(try store.record(github, of: url) == .written(path: folder.path(local)))
    #expect(other.text("state")?.contains("acme") == true)
    #expect(try other.names == ["state"])
    let target = try FileManager.default.destinationOfSymbolicLink(atPath: folder.path(local))
    #expect(target == other.path("state"))
  }

  @Test func `refuses a link to nothing`() throws {
    let path = folder.path(local)
    try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "none")
    #expect(throws: StateFileError.file(.notAFile(path: path, kind: "a dangling link"))) {
      try store.record(github, of: url)
    }
    #expect(try folder.names == [local])
  }

  @Test func `loses nothing when many shells write at once`() async throws {
    try folder.write(local, state(url.text, ",\"kept\":true"))
    let store = store
    let url = url
    try await withThrowingTaskGroup(of: Void.self) { group in
      for shell in 0..<4 {
        group.addTask {
          for id in 1...10 {
            let connection = StateFile.Connection(plugin: "p\(shell)", id: id, name: "n")
            _ = try store.record(connection, of: url)
            if id.isMultiple(of: 2) { _ = try store.forget(plugin: "p\(shell)", id: id, of: url) }
          }
        }
      }
      try await group.waitForAll()
    }
    let file = try #require(store.read().entries.first).file
    #expect(file.connections.count == 20)
    #expect(file.connections.allSatisfy { $0.id % 2 == 1 })
    #expect(folder.text(local)?.contains("\"kept\": true") == true)
    #expect(try folder.names == [local])
  }
}
