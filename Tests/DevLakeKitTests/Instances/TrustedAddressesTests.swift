import Foundation
import Testing

@testable import DevLakeKit

/// That an address is confirmed once, and for nobody else to see.
struct TrustedAddressesTests {
  @Test func `a confirmed address is remembered in a private file`() throws {
    let folder = try ScratchFolder()
    let path = folder.path("state/devlake-shell/trusted")
    let trusted = TrustedAddresses(path: path)
    #expect(!trusted.contains(try ServerURL("https://lake.example")))
    try trusted.add(ServerURL("https://ada:secret@lake.example/"))
    try trusted.add(ServerURL("https://lake.example:443/api"))
    try trusted.add(ServerURL("http://other.example:8080"))
    #expect(trusted.contains(try ServerURL("https://LAKE.example/")))
    #expect(!trusted.contains(try ServerURL("http://lake.example")))
    let text = try String(contentsOfFile: path, encoding: .utf8)
    #expect(text == "https://lake.example\nhttp://other.example:8080\n")
    let attributes = try FileManager.default.attributesOfItem(atPath: path)
    #expect(attributes[.posixPermissions] as? Int == 0o600)
  }

  @Test func `a file that cannot be written is told`() throws {
    let folder = try ScratchFolder()
    try folder.write("state", "")
    let trusted = TrustedAddresses(path: folder.path("state/trusted"))
    #expect(throws: FileError.self) { try trusted.add(ServerURL("https://lake.example")) }
    #expect(!trusted.contains(try ServerURL("https://lake.example")))
  }
}
