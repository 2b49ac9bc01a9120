import Foundation
import Testing

@testable import DevLakeKit

/// What is read of a certificate, and that no bytes stop the reader.
struct CertificateFieldsTests {
  /// `CN=localhost` for localhost and 10.1.2.3, a client's, signed by `CN=authority`.
  private static let der = Array(
    Data(
      base64Encoded: """
        MIIBrDCCAVGgAwIBAgIUfl8M3+yYGq0ot7QqiZ0y4QPh8P4wCgYIKoZIzj0EAwIwFDESMBAGA1UEAwwJYXV0aG9y\
        aXR5MB4XDTIwMDEwMTAwMDAwMFoXDTIxMDEwMTAwMDAwMFowFDESMBAGA1UEAwwJbG9jYWxob3N0MFkwEwYHKoZI\
        zj0CAQYIKoZIzj0DAQcDQgAEjMhC0ixvlv+U0pMQfHCWtIdEhBXbkscBivlxASVl6HhpqcAUQaQkHLj4KVn3ZOcC\
        tkr+/pRrFW3GnIqMK/tWAaOBgDB+MBoGA1UdEQQTMBGCCWxvY2FsaG9zdIcECgECAzATBgNVHSUEDDAKBggrBgEF\
        BQcDAjALBgNVHQ8EBAMCB4AwHQYDVR0OBBYEFAakQR0XzgBK9wl3uyUfw50ulxeRMB8GA1UdIwQYMBaAFFCe5rDe\
        pZzxo+9RdhvmRvIzYxkKMAoGCCqGSM49BAMCA0kAMEYCIQCoxTJO1DqwQDr+zIf9FbUlTNpK0YQs7lI2QxF07pK8\
        oQIhAK72yfqX1th2OFlBfuP32fBYP1zzu2hY2NgHLqo8c8nO
        """
    ) ?? Data()
  )

  @Test func `names, hosts and purpose are read`() throws {
    let fields = try #require(CertificateFields(Self.der))
    #expect(CertificateFields.name(in: fields.issuer) == "authority")
    #expect(CertificateFields.name(in: fields.subject) == "localhost")
    #expect(fields.hosts == ["localhost", "10.1.2.3"])
    #expect(!fields.isForServers)
  }

  @Test func `a certificate that is cut is none`() {
    for count in 0..<Self.der.count {
      #expect(CertificateFields(Array(Self.der.prefix(count))) == nil)
    }
  }

  @Test func `no changed byte stops the reader`() {
    var read = 0
    for index in Self.der.indices {
      for bits in [0x01, 0x80, 0xFF] as [UInt8] {
        var bytes = Self.der
        bytes[index] ^= bits
        if let fields = CertificateFields(bytes) {
          read += 1
          _ = CertificateFields.name(in: fields.issuer)
        }
      }
    }
    #expect(read > 0)
  }

  @Test func `a name with control characters is fit to be shown`() {
    // SEQUENCE { SET { SEQUENCE { commonName, UTF8String "a\u{1B}[2J" } } }
    let text = Array("a\u{1B}[2J".utf8)
    let value = [0x0C, UInt8(text.count)] + text
    let pair = [0x06, 0x03, 0x55, 0x04, 0x03] + value
    let set = [0x30, UInt8(pair.count)] + pair
    let all = [0x31, UInt8(set.count)] + set
    #expect(CertificateFields.name(in: [0x30, UInt8(all.count)] + all) == "a [2J")
  }
}
