import NIOSSL

extension AsyncHTTPTransport {
  /// Checks a file of certificates before anything is sent.
  ///
  /// The client looks at it only at the first request, and then tells nothing useful (measured).
  ///
  /// - Throws: ``CertificateFileError``.
  public static func checkCertificates(inFileAt path: String) throws(CertificateFileError) {
    do throws(FileError) {
      guard try StoredFile(path).read(limit: 16 << 20) != nil else { throw .missing(path: path) }
    } catch {
      throw .unreadable(error)
    }
    // What NIOSSL throws for a file without certificates names none of its reasons.
    let certificates = (try? NIOSSLCertificate.fromPEMFile(path)) ?? []
    guard !certificates.isEmpty else { throw .empty(path: path) }
  }
}

/// Why a file of certificates cannot be used.
@nonexhaustive
public enum CertificateFileError: Error, Sendable, Equatable, CustomStringConvertible {
  /// It cannot be read.
  case unreadable(FileError)
  /// No certificate is in it, or one is damaged.
  case empty(path: String)

  /// What is wrong, one line.
  public var description: String {
    switch self {
    case .unreadable(let error): error.description
    case .empty(let path): "no usable certificate in '\(path)'"
    }
  }

  /// What to give instead.
  public var help: String? {
    guard case .empty = self else { return nil }
    return "it needs certificates in PEM format: '-----BEGIN CERTIFICATE-----'"
  }
}
