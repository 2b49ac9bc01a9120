/// Why a change is not done, as data.
public struct ChangeProblem: Error, Sendable {
  /// What went wrong.
  public let code: Code
  /// What happened to the request, where one was sent.
  public private(set) var error: APIError?
  /// What is known of the effect of a write that failed.
  public private(set) var effect: WriteError.Effect?
  /// The fields it is about.
  public private(set) var fields: [String] = []
  /// What a failed test said.
  public private(set) var verdict: Verdict?
  /// Why the journal could not be written.
  public private(set) var journal: JournalError?
  /// The step it happened at, from 0.
  public internal(set) var step: Int?
  /// The pipelines that stood against it.
  public private(set) var pipelines: [Impact.Pipeline] = []
  /// The connection as DevLake has it, where that is not what was sent.
  public private(set) var connection: Connection?
  /// The answer to a request that has no step of its own.
  public private(set) var answer: RouteAnswer?
  /// How long they were waited for.
  public private(set) var waited: Duration?

  /// What can go wrong; more may come.
  public struct Code: RawRepresentable, Hashable, Sendable {
    /// A slug.
    public let rawValue: String
    /// Creates a code with the slug.
    public init(rawValue: String) { self.rawValue = rawValue }
    /// The service does not accept the candidate; nothing was written.
    public static let testFailed = Code(rawValue: "test-failed")
    /// The candidate could not be tested; nothing was written.
    public static let untested = Code(rawValue: "untested")
    /// Another change's candidate failed, and all were wanted or none.
    public static let otherFailed = Code(rawValue: "other-failed")
    /// The caller gave up before it began.
    public static let interrupted = Code(rawValue: "interrupted")
    /// An earlier write ended so that none is sent after it.
    public static let stopped = Code(rawValue: "stopped")
    /// The connection could not be read before the write.
    public static let unreadable = Code(rawValue: "unreadable")
    /// The connection is not there any more.
    public static let gone = Code(rawValue: "gone")
    /// Someone else has changed it.
    public static let changedMeanwhile = Code(rawValue: "changed-meanwhile")
    /// Someone else has set another secret.
    public static let secretMeanwhile = Code(rawValue: "secret-meanwhile")
    /// The write failed; ``ChangeProblem/effect`` says what is known of its effect.
    public static let write = Code(rawValue: "write")
    /// DevLake said yes and has something else in some of the fields.
    public static let notTaken = Code(rawValue: "not-taken")
    /// It is saved, and the saved connection fails its test.
    public static let retestFailed = Code(rawValue: "retest-failed")
    /// The journal cannot be written, and a change without it is not wanted.
    public static let journal = Code(rawValue: "journal")
    /// Pipelines still ran when the time to wait for them was over.
    public static let pipelines = Code(rawValue: "pipelines")
  }

  private init(_ code: Code) { self.code = code }
}

extension ChangeProblem {
  static func testFailed(_ verdict: Verdict) -> ChangeProblem {
    var problem = ChangeProblem(.testFailed)
    problem.verdict = verdict
    return problem
  }

  static func untested(_ error: APIError) -> ChangeProblem { .init(.untested, error) }

  static let otherFailed = ChangeProblem(.otherFailed)

  static let interrupted = ChangeProblem(.interrupted)

  /// None is sent any more because of what another one met.
  static func stopped(by other: ChangeProblem) -> ChangeProblem {
    var problem = ChangeProblem(.stopped)
    problem.error = other.error
    problem.effect = other.effect
    problem.journal = other.journal
    return problem
  }

  static func unreadable(_ error: APIError) -> ChangeProblem { .init(.unreadable, error) }

  static let gone = ChangeProblem(.gone)

  static func changedMeanwhile(_ fields: [String]) -> ChangeProblem {
    var problem = ChangeProblem(.changedMeanwhile)
    problem.fields = fields
    return problem
  }

  static let secretMeanwhile = ChangeProblem(.secretMeanwhile)

  static func write(_ failed: WriteError) -> ChangeProblem {
    var problem = ChangeProblem(.write, failed.error)
    problem.effect = failed.effect
    return problem
  }

  func with(_ answer: RouteAnswer?) -> ChangeProblem {
    var problem = self
    problem.answer = answer
    return problem
  }

  static func notTaken(_ fields: [String], _ connection: Connection) -> ChangeProblem {
    var problem = ChangeProblem(.notTaken)
    problem.fields = fields
    problem.connection = connection
    return problem
  }

  static func retestFailed(_ verdict: Verdict) -> ChangeProblem {
    var problem = ChangeProblem(.retestFailed)
    problem.verdict = verdict
    return problem
  }

  static func journal(_ error: JournalError) -> ChangeProblem {
    var problem = ChangeProblem(.journal)
    problem.journal = error
    return problem
  }

  static func pipelines(_ pipelines: [Impact.Pipeline], after time: Duration) -> ChangeProblem {
    var problem = ChangeProblem(.pipelines)
    problem.pipelines = pipelines
    problem.waited = time
    return problem
  }

  private init(_ code: Code, _ error: APIError) {
    self.code = code
    self.error = error
  }

  /// Whether nobody can say if the change was made, or will be.
  public var isOpen: Bool {
    code == .write && (effect == .unknown || effect == .notYet)
  }

  /// The write that failed, where it is one.
  public var writeError: WriteError? {
    guard code == .write, let error, let effect else { return nil }
    return WriteError(error: error, effect: effect)
  }

  /// Whether DevLake refused because a pipeline runs.
  public var isAboutPipeline: Bool {
    guard code == .write, case .refused(status: 409, let message, _)? = error?.kind else {
      return false
    }
    return message.headline.contains("pipeline")
  }

  /// Whether DevLake as a whole is out of reach, or the caller gave up: nothing more is sent.
  var endsAll: Bool {
    if code == .journal || code == .interrupted { return true }
    guard let error else { return false }
    return error.isCancellation || error.isAboutServer
  }
}
