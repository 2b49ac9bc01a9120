import Foundation
import Glibc
import Testing

@testable import DevLakeKit

struct FileTrustTests {
  @Test(arguments: [
    (0o600, nil), (0o644, nil), (0o664, nil), (0o666, "others can write it"),
    (0o602, "others can write it"),
  ])
  func `a file others may write is not believed`(_ mode: Int, _ reason: String?) throws {
    let folder = try ScratchFolder()
    try folder.write("f", "A=secret\n", mode: mode)
    chmod(folder.path("f"), mode_t(mode))
    // The user's own group is nobody else.
    chown(folder.path("f"), geteuid(), geteuid())
    let hazard = FileTrust.hazard(ofFileAt: folder.path("f"))
    #expect(hazard.map { $0.hasPrefix(reason ?? "-") } ?? (reason == nil), "\(hazard ?? "none")")
    if reason != nil {
      #expect(throws: EnvFileError.self) { try EnvFile.load(folder.path("f")) }
      #expect(throws: NamedInstancesError.self) {
        try NamedInstances(readingFileAt: folder.path("f"))
      }
    } else {
      #expect(try EnvFile.load(folder.path("f"))?.keys == ["A"])
    }
  }

  @Test func `a group of others counts as others`() {
    var status = stat()
    status.st_mode = S_IFREG | 0o664
    status.st_uid = geteuid()
    status.st_gid = geteuid() + 1
    #expect(FileTrust.hazard(status, "f")?.hasPrefix("others can write it") == true)
  }

  @Test func `a file of somebody else is not believed, one of root's is`() {
    var status = stat()
    status.st_mode = S_IFREG | 0o600
    status.st_uid = geteuid() + 1
    #expect(FileTrust.hazard(status, "f")?.hasPrefix("it belongs to another user") == true)
    status.st_uid = 0
    #expect(FileTrust.hazard(status, "f") == nil)
  }
}
