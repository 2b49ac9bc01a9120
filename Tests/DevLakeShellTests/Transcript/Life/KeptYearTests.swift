import DevLakeKit
import DevLakeSimulator
import Foundation
import Testing

@testable import DevLakeShell

/// A year of nights in which one cron line keeps the secrets of many connections.
struct KeptYearTests {
  private static let many = ManyConnections([
    "github": 40, "gitlab": 30, "jenkins": 30, "circleci": 25, "jira": 20, "argocd": 15,
    "sonarqube": 15, "pagerduty": 15, "gh-copilot": 10,
  ])

  /// Gives a new secret, `./mint PLUGIN ID`; a service for which `refuses-PLUGIN` is there does not take it.
  private static let mint = """
    n=0; [ ! -e "count-$1-$2" ] || read n < "count-$1-$2"
    n=$((n + 1)); echo $n > "count-$1-$2"
    kind=New; [ ! -e "refuses-$1" ] || kind=BAD
    case $1 in
      github | gh-copilot) printf 'ghp_%s%033d' $kind $(($2 * 1000 + n)) ;;
      *) printf '%s%s-%012d' $kind "$1" $(($2 * 1000 + n)) ;;
    esac
    """

  /// What is really so of a secret, whatever the shell knows.
  private struct Truth {
    var secret: String?
    /// The last day on which the secret is good, counted from the first night.
    var end: Int
    var rotations = 0
  }

  private static func day(_ number: Int) -> String {
    String(AuditLog.time(SecretLifeTests.start + number * 86_400).prefix(10))
  }

  /// The night's line, as cron has it: `date` makes the days of it.
  private static func line(_ night: Int, _ options: String = "") -> String {
    "rotate --from secrets.csv --older-than 90d --partial --expires \(day(night + 120)) "
      + "--keep kept-\(day(night)).env\(options); "
      + "list --where 'expires < \(day(night + 14))' --fields plugin,id,expires -o csv"
  }

  @Test func `no day passes with an expired secret that nobody was told of`() async throws {
    let many = Self.many.all
    try #require(many.count == 200)
    try await ShellFixture.with(seed: Self.many.seed) { direct in
      var place = direct
      try place.folder.write("mint", Self.mint)
      try place.folder.write(
        "secrets.csv",
        many.map { "\($0.plugin),\($0.id),cmd:sh mint \($0.plugin) \($0.id)\n" }.joined()
      )
      var truths = try begin(place)
      var (toldOfExpired, nightsAway) = (0, 0)
      for night in 0..<365 {
        place.now = SecretLifeTests.start + night * 86_400
        if night == 40 { try place.folder.write("refuses-gitlab", "") }
        if night == 95 {
          try FileManager.default.removeItem(atPath: place.folder.path("refuses-gitlab"))
        }
        let isAway = (100..<103).contains(night)
        let mail: Transcript
        if night == 150 {
          mail = try await place.killed(
            running: Self.line(night, " --parallel 1"),
            before: "PATCH",
            "",
            number: 3
          )
        } else {
          // Nothing listens there.
          let there = isAway ? place.with(["DEVLAKE_URL": "http://127.0.0.1:1"]) : place
          mail = await there.run(Self.line(night), ["-k"])
        }
        for (index, one) in many.enumerated() {
          let secret = try place.stored(one.plugin, one.id)[one.field]?.string
          guard secret != truths[index].secret else { continue }
          truths[index].secret = secret
          truths[index].end = night + 120
          truths[index].rotations += 1
        }
        let expired = many.indices.filter { truths[$0].end < night }
        if isAway {
          #expect(mail.exitCode != .success)
          #expect(mail.stderr.contains("nothing listens at 127.0.0.1:1"), "\(mail.stderr)")
          nightsAway += 1
        } else if night != 150 {
          let told = Set(mail.stdout.split(whereSeparator: \.isNewline).map(String.init))
          for index in expired {
            let (one, end) = (many[index], Self.day(truths[index].end))
            #expect(told.contains("\(one.plugin),\(one.id),\(end)"), "night \(night)")
            #expect(one.plugin == "gitlab", "only the service that refuses lets secrets expire")
            toldOfExpired += 1
          }
          if expired.isEmpty, night < 40 || night > 95 {
            #expect(mail.exitCode == .success, "night \(night): \(mail.stderr.suffix(600))")
          }
        }
        #expect(!mail.everything.contains("Newgitlab") && !mail.everything.contains("BAD"))
      }
      #expect(toldOfExpired > 20 && nightsAway == 3)
      #expect(truths.allSatisfy { $0.end >= 365 && $0.rotations >= 3 })
      // Nothing was rotated twice for the kill.
      #expect(truths.allSatisfy { $0.rotations <= 5 })
    }
  }

  /// Ages and ends of the secrets as they are before the first night.
  private func begin(_ place: ShellFixture) throws -> [Truth] {
    let ledger = SecretLedger(folder: place.folder.path("state/devlake-shell"))
    var (truths, edits): ([Truth], [SecretLedger.Edit]) = ([], [])
    for (index, one) in Self.many.all.enumerated() {
      let age = index / 5 * 2
      let end = 90 - age + 5 + index % 20
      truths.append(Truth(secret: one.old, end: end))
      let record = SecretRecord(
        SecretRecord.Key(
          instance: place.simulator.url,
          connection: ConnectionKey(plugin: one.plugin, id: one.id),
          field: one.field
        ),
        name: one.name,
        since: AuditLog.time(SecretLifeTests.start - age * 86_400),
        expires: CalendarDay(Self.day(end))
      )
      edits.append(.set(record))
    }
    try ledger.apply(edits)
    return truths
  }
}
