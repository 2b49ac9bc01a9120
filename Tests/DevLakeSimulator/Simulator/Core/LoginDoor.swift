import DevLakeKit

/// How a DevLake lets people in.
public enum LoginDoor: String, Sendable, CaseIterable {
  /// Everybody: `AUTH_ENABLED` is not true.
  case off
  /// Forwarded users with the secret, and API keys.
  case on
  /// The same without a secret for forwarded users: nobody can make the first API key.
  case onWithoutSecret = "on-no-secret"
  /// The server of June 2026: any Basic pair is somebody, and a good API key is refused.
  case june

  /// The secret of forwarded users.
  public static let forwardedSecret = "fwd-secret-made-up"
}

extension DevLake {
  /// Who a request comes from.
  struct Caller: Sendable {
    var name = ""
    var email = ""
  }

  /// The refusal of a request whose sender is nobody; `nil`: it goes in.
  func loginAnswer(_ request: Request) -> Answer? {
    if request.path.hasPrefix("/push/") {
      return .json(["success": false, "message": "token is missing"], status: 401)
    }
    guard login != .off, !isPublic(request.path), caller(of: request) == nil else { return nil }
    return Self.unauthorized
  }

  static var unauthorized: Answer {
    .json(["message": "unauthorized", "success": false], status: 401)
  }

  /// Whether a path is open to everybody.
  func isPublic(_ path: String) -> Bool {
    let open = [
      "/ping", "/version", "/health", "/ready", "/auth/methods", "/auth/userinfo", "/auth/login",
      "/swagger/index.html",
    ]
    return open.contains(path) || (path == "/proceed-db-migration" && login != .june)
  }

  /// Who a request's headers say it is from, where they count.
  func caller(of request: Request) -> Caller? {
    if let caller = request.keyHolder { return login == .june ? nil : caller }
    let countsBasic = login == .off || login == .june
    if countsBasic, let header = request.header("authorization"), header.hasPrefix("Basic ") {
      let pair = Base64.decoded(String(header.dropFirst("Basic ".count)))
      return Caller(name: String(pair.prefix { $0 != ":" }))
    }
    guard login == .on || login == .june, let user = request.header("x-forwarded-user"),
      request.header("x-forwarded-user-secret") == LoginDoor.forwardedSecret
    else { return nil }
    return Caller(name: user, email: request.header("x-forwarded-email") ?? "")
  }

  func userInfo(_ request: Request) -> Answer {
    let caller = caller(of: request)
    return .json([
      "authenticated": .bool(caller != nil), "name": .string(caller?.name ?? ""),
      "email": .string(caller?.email ?? ""),
    ])
  }
}

/// What a Basic header holds.
private enum Base64 {
  static func decoded(_ text: String) -> String {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
    var bytes: [UInt8] = []
    var (bits, count) = (0, 0)
    for character in text {
      guard let value = alphabet.firstIndex(of: character) else { break }
      bits = bits << 6 | value
      count += 6
      if count >= 8 {
        count -= 8
        bytes.append(UInt8(bits >> count & 0xFF))
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
