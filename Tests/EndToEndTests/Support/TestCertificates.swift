import Foundation
import Glibc
import NIOSSL

/// A certificate authority of the test's own, and a server's certificate it has signed.
struct TestCertificates {
  /// The authority's certificate, for `--ca-cert`.
  let authority: String
  /// What a server needs to speak TLS with it.
  let server: TLSConfiguration

  /// Makes both in a folder, with openssl; the server is `localhost` and `devlake.test`.
  init(in folder: String) throws {
    let script = """
      set -e
      openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 \
        -subj '/CN=authority' -keyout ca.key -out ca.pem
      openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj '/CN=localhost' \
        -keyout server.key -out server.csr
      printf 'subjectAltName=DNS:localhost,DNS:devlake.test\\n' >names
      openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 \
        -extfile names -out server.pem
      """
    let process = Process()
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = ["-c", script]
    process.currentDirectoryURL = URL(filePath: folder)
    process.standardError = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    authority = folder + "/ca.pem"
    server = TLSConfiguration.makeServerConfiguration(
      certificateChain: try NIOSSLCertificate.fromPEMFile(folder + "/server.pem").map {
        .certificate($0)
      },
      privateKey: .privateKey(try NIOSSLPrivateKey(file: folder + "/server.key", format: .pem))
    )
  }
}
