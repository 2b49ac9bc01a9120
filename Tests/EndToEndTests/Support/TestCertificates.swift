import Foundation
import Glibc
import NIOSSL

/// A certificate authority of the test's own, and a server's certificate it has signed.
struct TestCertificates {
  /// What the server's certificate is like.
  enum Kind: String, CaseIterable {
    case good, expired, notYetValid, otherHost, clientOnly, selfSigned

    fileprivate var dates: String {
      switch self {
      case .expired: "-startdate 20200101000000Z -enddate 20210102030400Z"
      case .notYetValid: "-startdate 20400203040500Z -enddate 20410101000000Z"
      default: "-days 2"
      }
    }

    fileprivate var fields: String {
      let names = self == .otherHost ? "DNS:elsewhere.test" : "DNS:localhost,DNS:devlake.test"
      let purpose = self == .clientOnly ? "\\nextendedKeyUsage=clientAuth" : ""
      return "subjectAltName=\(names)\(purpose)"
    }
  }

  /// The authority's certificate, for `--ca-cert`.
  let authority: String
  /// The certificate of an authority that has signed nothing.
  let stranger: String
  /// What a server needs to speak TLS with it.
  let server: TLSConfiguration

  /// Makes all of them in a folder, with openssl; the server is `localhost` and `devlake.test`.
  init(in folder: String, _ kind: Kind = .good) throws {
    let key = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes"
    let signing =
      kind == .selfSigned
      ? "openssl req -x509 \(key) -days 2 -subj /CN=localhost -addext '\(kind.fields)' "
        + "-keyout server.key -out server.pem"
      : """
      openssl req \(key) -subj /CN=localhost -keyout server.key -out server.csr
      printf '\(kind.fields)\\n' >names
      printf '[ca]\\ndefault_ca=d\\n[d]\\ndatabase=index\\nnew_certs_dir=.\\ndefault_md=sha256\\n' >ca.cnf
      printf 'policy=p\\nrand_serial=yes\\n[p]\\ncommonName=supplied\\n' >>ca.cnf
      : >index
      openssl ca -batch -notext -config ca.cnf -cert ca.pem -keyfile ca.key -in server.csr \
        -extfile names \(kind.dates) -out server.pem
      """
    let script = """
      set -e
      openssl req -x509 \(key) -days 2 -subj /CN=authority -keyout ca.key -out ca.pem
      openssl req -x509 \(key) -days 2 -subj /CN=stranger -keyout stranger.key -out stranger.pem
      \(signing)
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
    stranger = folder + "/stranger.pem"
    server = TLSConfiguration.makeServerConfiguration(
      certificateChain: try NIOSSLCertificate.fromPEMFile(folder + "/server.pem").map {
        .certificate($0)
      },
      privateKey: .privateKey(try NIOSSLPrivateKey(file: folder + "/server.key", format: .pem))
    )
  }
}
