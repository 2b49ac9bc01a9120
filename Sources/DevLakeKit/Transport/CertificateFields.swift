#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// The fields of an X.509 certificate that tell why it was not accepted (RFC 5280).
///
/// BoringSSL says of every refused certificate only that its verification failed. This reads what is
/// needed to say why; it decides nothing.
struct CertificateFields: Equatable {
  /// The issuer's and the subject's names as they are in the certificate: equal bytes, equal names.
  let issuer: [UInt8]
  let subject: [UInt8]
  /// The host names and IP addresses it is for.
  private(set) var hosts: [String] = []
  /// Whether a server may use it, as far as its key usages say.
  private(set) var isForServers = true

  /// Reads a certificate in DER form; `nil` when it is none.
  init?(_ der: [UInt8]) {
    var outer = DERReader(der[...])
    guard let certificate = outer.next(0x30) else { return nil }
    var sequence = DERReader(certificate.content)
    guard let body = sequence.next(0x30) else { return nil }
    var fields = DERReader(body.content)
    if fields.peek == 0xA0 { _ = fields.next() }  // the version
    // The serial number and the signature's algorithm.
    guard fields.next(0x02) != nil, fields.next(0x30) != nil,
      let issuer = fields.next(0x30), fields.next(0x30) != nil,
      let subject = fields.next(0x30)
    else { return nil }
    self.issuer = Array(issuer.whole)
    self.subject = Array(subject.whole)
    while let field = fields.next() {
      guard field.tag == 0xA3 else { continue }
      var wrapped = DERReader(field.content)
      guard let list = wrapped.next(0x30) else { continue }
      var extensions = DERReader(list.content)
      while let item = extensions.next(0x30) { read(item.content) }
    }
  }

  /// The common name in a name, else its organization; fit to be shown.
  static func name(in bytes: [UInt8]) -> String? {
    var outer = DERReader(bytes[...])
    guard let whole = outer.next(0x30) else { return nil }
    var found: [UInt8: String] = [:]
    var parts = DERReader(whole.content)
    while let part = parts.next(0x31) {
      var pairs = DERReader(part.content)
      while let pair = pairs.next(0x30) {
        var fields = DERReader(pair.content)
        guard let type = fields.next(0x06), let value = fields.next(),
          type.content.count == 3, type.content.starts(with: [0x55, 0x04]),
          let last = type.content.last
        else { continue }
        found[last] = ServerText.line(String(decoding: value.content, as: UTF8.self))
      }
    }
    // commonName, organizationName, organizationalUnitName
    return [0x03, 0x0A, 0x0B].compactMap { found[$0] }.first { !$0.isEmpty }
  }

  private mutating func read(_ item: ArraySlice<UInt8>) {
    var fields = DERReader(item)
    guard let type = fields.next(0x06) else { return }
    if fields.peek == 0x01 { _ = fields.next() }  // whether it is critical
    guard let wrapped = fields.next(0x04) else { return }
    var value = DERReader(wrapped.content)
    switch Array(type.content) {
    case [0x55, 0x1D, 0x0F]:  // keyUsage
      guard let bits = value.next(0x03), bits.content.count > 1 else { return }
      // digitalSignature, keyEncipherment or keyAgreement: what a handshake needs.
      let first = bits.content[bits.content.startIndex + 1]
      if first & 0b1010_1000 == 0 { isForServers = false }
    case [0x55, 0x1D, 0x25]:  // extKeyUsage
      guard let list = value.next(0x30) else { return }
      var purposes = DERReader(list.content)
      var hasServer = false
      while let purpose = purposes.next(0x06) {
        // serverAuth
        if purpose.content.elementsEqual([0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x01]) {
          hasServer = true
        }
      }
      if !hasServer { isForServers = false }
    case [0x55, 0x1D, 0x11]:  // subjectAltName
      guard let list = value.next(0x30) else { return }
      var names = DERReader(list.content)
      while let name = names.next() {
        if name.tag == 0x82 {
          hosts.append(ServerText.line(String(decoding: name.content, as: UTF8.self)))
        } else if name.tag == 0x87, let address = Self.address(Array(name.content)) {
          hosts.append(address)
        }
      }
    default: return
    }
  }
}

extension CertificateFields {
  /// An IPv4 or IPv6 address as it is written.
  private static func address(_ bytes: [UInt8]) -> String? {
    let families: [Int: CInt] = [4: AF_INET, 16: AF_INET6]
    guard let family = families[bytes.count] else { return nil }
    var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
    guard inet_ntop(family, bytes, &text, socklen_t(text.count)) != nil else { return nil }
    return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}

/// Reads values of DER one after the other; what is cut or too long ends it.
struct DERReader {
  struct Value {
    let tag: UInt8
    let content: ArraySlice<UInt8>
    /// With the tag and the length.
    let whole: ArraySlice<UInt8>
  }

  private var rest: ArraySlice<UInt8>

  init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

  /// The tag of the next value.
  var peek: UInt8? { rest.first }

  /// The next value; `nil` at the end, or where its tag is another.
  mutating func next(_ tag: UInt8) -> Value? { peek == tag ? next() : nil }

  /// The next value; `nil` at the end.
  mutating func next() -> Value? {
    let all = rest
    var cursor = rest
    guard let tag = cursor.popFirst(), let first = cursor.popFirst() else { return nil }
    var length = Int(first)
    if first & 0x80 != 0 {
      // More than three bytes of length would be a certificate of 16 MiB.
      let count = Int(first & 0x7F)
      guard (1...3).contains(count), cursor.count >= count else { return nil }
      length = cursor.prefix(count).reduce(0) { $0 << 8 | Int($1) }
      cursor = cursor.dropFirst(count)
    }
    guard cursor.count >= length else { return nil }
    let content = cursor.prefix(length)
    rest = cursor.dropFirst(length)
    return Value(tag: tag, content: content, whole: all.prefix(upTo: content.endIndex))
  }
}
