/// A way in which a plugin's connections authenticate.
public struct AuthMethod: Sendable, Equatable {
  /// The value of DevLake's field `authMethod`, for example `BasicAuth`.
  public let name: String
  /// The field the secret is in.
  public let secretField: String
  /// The other fields it needs, for example `username`.
  public let identityFields: [String]

  /// Creates an auth method with DevLake's name, the secret's field and what else identifies the user.
  public init(_ name: String, secretField: String, identityFields: [String] = []) {
    self.name = name
    self.secretField = secretField
    self.identityFields = identityFields
  }

  /// A token alone.
  public static let accessToken = AuthMethod("AccessToken", secretField: "token")
  /// User name and password, or a token in the password's place.
  public static let basicAuth = AuthMethod(
    "BasicAuth",
    secretField: "password",
    identityFields: ["username"]
  )
  /// A token the service issues for an application's id and secret (client credentials).
  public static let oAuth2 = AuthMethod(
    "OAuth2",
    secretField: "clientSecret",
    identityFields: ["clientId", "cloudId"]
  )
  /// An application's id and its secret key.
  public static let appKey = AuthMethod(
    "AppKey",
    secretField: "secretKey",
    identityFields: ["appId"]
  )
}
