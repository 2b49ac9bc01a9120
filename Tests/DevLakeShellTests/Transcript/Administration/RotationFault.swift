import Testing

/// A fault at one step of the rotation of `gitlab/1`, `gitlab/2` and `jenkins/1`: at `gitlab/2`.
struct RotationFault: Sendable, CustomTestStringConvertible {
  /// The request it happens to.
  enum Step: String {
    case list = "GET /plugins/gitlab/connections"
    case test = "POST /plugins/gitlab/connections/2/test#1"
    case read = "GET /plugins/gitlab/connections/2"
    case save = "PATCH /plugins/gitlab/connections/2"
    case retest = "POST /plugins/gitlab/connections/2/test#2"
  }

  let step: Step
  let fault: String
  /// Which of the three DevLake holds the new secret of, in their order.
  let saved: [Bool]
  /// What the log says, in its order.
  let audit: [String]
  /// What the person is told of it.
  let told: String

  /// A test whose connection broke is sent once more, so that the fault must last.
  var rule: String {
    let isRepeated =
      [.test, .retest].contains(step) && ["close", "reset", "lost", "cut:3"].contains(fault)
    return "\(step.rawValue)\(isRepeated ? "+" : "")=\(fault)"
  }
  var testDescription: String { rule }

  private static let faults = [
    "close", "reset", "lost", "cut:3", "hang", "status:500:", "status:409", "html", "refuse",
  ]

  static let all: [RotationFault] = lists + tests + reads + saves + retests

  /// Without the list nothing is begun.
  private static let lists = faults.map { fault in
    RotationFault(
      step: .list,
      fault: fault,
      saved: [false, false, false],
      audit: [],
      told: "error:"
    )
  }

  /// A candidate that cannot be tested keeps all from being saved.
  private static let tests = faults.filter { $0 != "refuse" }.map { fault in
    RotationFault(
      step: .test,
      fault: fault,
      saved: [false, false, false],
      audit: ["gitlab/1 skipped none", "gitlab/2 failed failed", "jenkins/1 skipped none"],
      told: "nothing was saved: 1 of 3 failed"
    )
  }

  /// What cannot be looked at again is not saved, and the others are.
  private static let reads = faults.filter { $0 != "refuse" }.map { fault in
    // Where a page stands in DevLake's place, asking on makes no sense.
    let goesOn = fault != "html"
    return RotationFault(
      step: .read,
      fault: fault,
      saved: [true, false, goesOn],
      audit: [
        "gitlab/1 rotated done",
        fault == "status:409" ? "gitlab/2 refused refused" : "gitlab/2 failed failed",
        goesOn ? "jenkins/1 rotated done" : "jenkins/1 skipped none",
      ],
      told: "nothing was saved"
    )
  }

  private static let saves =
    ["lost", "cut:3", "after:reset", "after:status:500:", "after:html"].map { fault in
      RotationFault(
        step: .save,
        fault: fault,
        saved: [true, true, true],
        audit: ["gitlab/1 rotated done", "gitlab/2 rotated done", "jenkins/1 rotated done"],
        told: "DevLake's answer was lost; gitlab/2 was looked up and is changed"
      )
    }
    + ["close", "reset", "status:500:"].map { fault in
      RotationFault(
        step: .save,
        fault: fault,
        saved: [true, false, true],
        audit: ["gitlab/1 rotated done", "gitlab/2 failed failed", "jenkins/1 rotated done"],
        told: "nothing was changed"
      )
    }
    + [
      RotationFault(
        step: .save,
        fault: "status:409",
        saved: [true, false, true],
        audit: ["gitlab/1 rotated done", "gitlab/2 refused refused", "jenkins/1 rotated done"],
        told: "nothing was changed"
      ),
      RotationFault(
        step: .save,
        fault: "hang",
        saved: [true, false, true],
        audit: ["gitlab/1 rotated done", "gitlab/2 failed unknown", "jenkins/1 rotated done"],
        told: "it is not changed yet, but may still be"
      ),
    ]

  private static let rotated = [
    "gitlab/1 rotated done", "gitlab/2 rotated done", "jenkins/1 rotated done",
  ]

  /// What was saved stays saved; a test that says no is told, and one that cannot be had as well.
  private static let retests =
    ["close", "reset", "lost", "cut:3", "html"].map { fault in
      RotationFault(
        step: .retest,
        fault: fault,
        saved: [true, true, true],
        audit: rotated,
        told: "saved, but not tested again"
      )
    }
    + ["status:409", "status:500:", "hang"].map { fault in
      RotationFault(
        step: .retest,
        fault: fault,
        saved: [true, true, true],
        audit: rotated + ["gitlab/2 failed failed"],
        told: "saved, but the saved connection fails its test"
      )
    }
}
