import DevLakeKit

extension ConnectionKind {
  /// Kiro: reads S3 buckets, and its test answers without `success`.
  static let kiro = ConnectionKind(
    plugin: "kiro",
    model: "Kiro",
    family: .legacy,
    fields: [
      .text("accessKeyId", "AccessKeyId"),
      .text("secretAccessKey", "SecretAccessKey", secret: .init(mask: .generic)),
      .text("region", "Region"), .text("bucket", "Bucket"),
      .text("reportPrefix", "ReportPrefix"), .text("promptLogBucket", "PromptLogBucket"),
      .text("promptLogPrefix", "PromptLogPrefix"), .text("identityStoreId", "IdentityStoreId"),
      .text("identityStoreRegion", "IdentityStoreRegion"),
      .number("rateLimitPerHour", "RateLimitPerHour"),
    ],
    payloadWords: ("invalid connection payload", "connection validation failed"),
    check: { values in
      let required = [
        ("accessKeyId", "AccessKeyId"), ("secretAccessKey", "SecretAccessKey"),
        ("region", "Region"), ("bucket", "Bucket"),
      ]
      if let missing = required.first(where: { values.text($0.0).isEmpty }) {
        return "\(missing.1) is required"
      }
      return values.text("identityStoreId").isEmpty == values.text("identityStoreRegion").isEmpty
        ? nil : "IdentityStoreId and IdentityStoreRegion must be set together"
    },
    test: .custom(kiroAnswer),
    scopes: ScopeKind(model: "KiroS3Slice", idField: "id")
  )
}

private let kiroAccount = "123456789012"

private func kiroAnswer(_ subject: ConnectionTest.Subject) -> Answer {
  if let failure = subject.kind.payloadFailure(subject.values, includesName: true) {
    return failure.answer
  }
  let bucket = subject.text("bucket")
  let logs = subject.text("promptLogBucket").isEmpty ? bucket : subject.text("promptLogBucket")
  for name in logs == bucket ? [bucket] : [bucket, logs] {
    if name.contains("hang") {
      var answer = Answer.panic
      answer.hangs = true
      return answer
    }
    guard let (code, words, status) = bucketRefusal(name, subject) else { continue }
    return Failure(
      400,
      [
        .own("cannot access s3 bucket \(name)", 400),
        .foreign("\(code): \(words)\n\tstatus code: \(status), request id: , host id: "),
      ]
    ).answer
  }
  return kiroReport(subject, bucket: bucket, logs: logs)
}

/// What S3 says of a bucket: the code, its words and the status; `nil`: it may be read.
private func bucketRefusal(
  _ name: String,
  _ subject: ConnectionTest.Subject
) -> (String, String, Int)? {
  let secret = subject.text("secretAccessKey")
  if subject.text("accessKeyId").contains("BAD") {
    return (
      "InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records.", 403
    )
  }
  if ["BAD", "***", "notTheSecret"].contains(where: secret.contains) {
    return (
      "SignatureDoesNotMatch",
      "The request signature we calculated does not match the signature you provided.", 403
    )
  }
  if name.contains("denied") { return ("AccessDenied", "Access Denied", 403) }
  if name.contains("missing") {
    return ("NoSuchBucket", "The specified bucket does not exist", 404)
  }
  return name.contains("boom") ? ("InternalTrouble", "boom", 400) : nil
}

/// What was found; regions that begin with `ap-` hold no data.
private func kiroReport(
  _ subject: ConnectionTest.Subject,
  bucket: String,
  logs: String
) -> Answer {
  func prefix(_ field: String, _ standard: String) -> String {
    let text = subject.text(field).split(separator: "/").joined(separator: "/")
    return text.isEmpty ? standard : text
  }
  var body: JSONObject = ["reportBucket": .string(bucket), "promptLogBucket": .string(logs)]
  let reports = prefix("reportPrefix", "user-report")
  guard !bucket.contains("empty") else {
    body["accounts"] = nil as JSONValue
    body["streams"] = []
    body["hint"] = .string(
      "no account directories under s3://\(bucket)/\(reports)/AWSLogs/ - check the bucket and "
        + "report prefix"
    )
    return .json(.object(body))
  }
  body["accounts"] = [.string(kiroAccount)]
  let region = subject.text("region")
  guard !region.hasPrefix("ap-") else {
    body["streams"] = []
    body["hint"] = .string(
      "account \(kiroAccount) has no year directories - check the region in the connection"
    )
    return .json(.object(body))
  }
  let streams = [
    ("report", bucket, reports, "user_report"),
    ("chat_log", logs, prefix("promptLogPrefix", "logging"), "GenerateAssistantResponse"),
    ("completion_log", logs, prefix("promptLogPrefix", "logging"), "GenerateCompletions"),
  ]
  body["streams"] = .array(
    streams.map { type, bucket, prefix, folder in
      [
        "fileType": .string(type), "bucket": .string(bucket),
        "prefix": .string("\(prefix)/AWSLogs/\(kiroAccount)/KiroLogs/\(folder)/\(region)/2026/11"),
        "count": 2, "atLeast": false,
      ]
    }
  )
  body["hint"] = .string("counts are for account \(kiroAccount), period 2026-11")
  return .json(.object(body))
}
