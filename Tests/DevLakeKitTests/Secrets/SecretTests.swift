import DevLakeKit
import Testing

@Suite struct SecretTests {
  private let secret = Secret("hunter2")

  @Test func `is never shown however it is printed`() {
    struct Holder { let inner: Secret }
    var dumped = ""
    dump(Holder(inner: secret), to: &dumped)
    let shown = [
      "\(secret)", String(describing: secret), String(reflecting: secret),
      "\(Optional(secret) as Any)", "\([secret])", "\(Holder(inner: secret))", dumped,
    ]
    for text in shown {
      #expect(!text.contains("hunter2"))
      #expect(text.contains("***"))
    }
    #expect(Mirror(reflecting: secret).children.isEmpty)
  }

  @Test func `is revealed to a closure only`() {
    #expect(secret.reveal { $0 } == "hunter2")
    #expect(secret.reveal(\.count) == 7)
    #expect(secret == Secret("hunter2"))
    #expect(secret != Secret("hunter3"))
  }

  @Test func `can be neither encoded nor hashed`() {
    let value: Any = secret
    #expect(!(value is any Encodable))
    #expect(!(value is any Hashable))
  }
}
