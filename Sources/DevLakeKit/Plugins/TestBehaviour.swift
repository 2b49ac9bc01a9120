/// What DevLake's test of a plugin's connection tells, and what it does not.
package struct TestBehaviour: Sendable, Equatable {
  /// Whether the plugin has a test at all.
  package var isAvailable = true
  /// How far the test goes.
  package var reach: Reach = .service
  /// Whether the test of a saved connection ignores the candidate in its body.
  package var ignoresCandidate = false
  /// Whether the test of an unsaved connection demands a name too.
  package var needsName = false
  /// Whether an answer with a `login` passes even when it says `success:false` (GitHub checks the
  /// scopes of `ghp_` tokens only and answers `false` for every other kind).
  package var acceptsLogin = false
  /// The boolean member of the answer that says whether the test passed.
  package var successMember = "success"
  /// Whether DevLake reads what the service answers; where it does not, a login page passes too.
  package var readsAnswer = true
  /// Whether an organization is in the path that is asked, so that a 404 may be about that.
  package var pathNamesOrganization = false
  /// What the test does not see, one sentence; `nil`: nothing known.
  package var caveat: String?
  /// How DevLake's own sentences begin where they, and not the status, tell what happened.
  package var sentences: [Sentence] = []
  /// What is before the service's status in the text, where DevLake's own status is another.
  package var statusMarkers: [String] = []
  /// What the answer must list for the test to have seen something, where it has no `success`.
  package var evidence: Evidence?

  /// What the answer lists of which the connection must be one.
  package var choice: Choice?

  /// A list in an answer of which a field of the connection must name one, as the installations of a
  /// GitHub App: DevLake itself does not look (measured).
  package struct Choice: Sendable, Equatable {
    /// The authentication it is for.
    package let authMethod: String
    /// The member that lists them, each with an `id`.
    package let list: String
    /// The field that names one.
    package let field: String
    /// Where each tells whose it is, from the outside in.
    package let owner: [String]

    /// Creates a choice with the members of the answer that describe it.
    package init(authMethod: String, list: String, field: String, owner: [String]) {
      self.authMethod = authMethod
      self.list = list
      self.field = field
      self.owner = owner
    }
  }

  /// A sentence of DevLake about a failed test.
  package struct Sentence: Sendable, Equatable {
    /// How it begins.
    package let beginning: String
    /// What it means.
    package let meaning: Meaning

    /// Creates a sentence with the beginning and what it means.
    package init(_ beginning: String, _ meaning: Meaning) {
      self.beginning = beginning
      self.meaning = meaning
    }
  }

  /// What a sentence says of a failed test.
  package enum Meaning: Sendable, Equatable {
    /// The service does not accept the credential.
    case credential
    /// The service does not know what the secret belongs to: the user, the key's id.
    case identity
    /// The credential may not do what is needed.
    case permission
    /// The address is not the service's API.
    case endpoint
    /// The host's name is not found.
    case nameResolution
    /// The host cannot be reached.
    case connection
    /// Something is missing in the connection itself.
    case fields
    /// The sentence stands for every failure; the status tells which.
    case status
  }

  /// The members of an answer without `success` that show what the service was asked.
  package struct Evidence: Sendable, Equatable {
    /// The member that is there whenever the service was asked.
    package let presence: String
    /// The lists that hold what was found.
    package let lists: [String]
    /// The member with DevLake's remark.
    package let remark: String

    /// Creates evidence with the members' names.
    package init(presence: String, lists: [String], remark: String) {
      self.presence = presence
      self.lists = lists
      self.remark = remark
    }
  }

  /// How far a test goes.
  package enum Reach: Sendable, Equatable {
    /// DevLake asks the service with the credential.
    case service
    /// DevLake only reaches the host; the credential is not looked at.
    case host
    /// DevLake asks nobody.
    case nothing
  }

  /// Creates a test behaviour with what differs from a test that asks the service.
  package init(
    isAvailable: Bool = true,
    reach: Reach = .service,
    ignoresCandidate: Bool = false,
    needsName: Bool = false,
    acceptsLogin: Bool = false,
    choice: Choice? = nil,
    successMember: String = "success",
    readsAnswer: Bool = true,
    caveat: String? = nil,
    sentences: [Sentence] = [],
    statusMarkers: [String] = [],
    evidence: Evidence? = nil
  ) {
    self.isAvailable = isAvailable
    self.reach = reach
    self.ignoresCandidate = ignoresCandidate
    self.needsName = needsName
    self.acceptsLogin = acceptsLogin
    self.choice = choice
    self.successMember = successMember
    self.readsAnswer = readsAnswer
    self.caveat = caveat
    self.sentences = sentences
    self.statusMarkers = statusMarkers
    self.evidence = evidence
  }
}

/// What keeps a plugin's connection from being deleted.
package struct DeletionGuards: Sendable, Equatable {
  /// Whether any running pipeline of the installation refuses it.
  package var runningPipeline = true
  /// Whether a NORMAL blueprint that names it refuses it.
  package var blueprints = true
  /// Whether scopes refuse it.
  package var scopes = true
  /// Why it can never be deleted, one sentence; `nil`: it can.
  package var impossible: String?

  /// Creates deletion guards with what differs from the usual three guards.
  package init(
    runningPipeline: Bool = true,
    blueprints: Bool = true,
    scopes: Bool = true,
    impossible: String? = nil
  ) {
    self.runningPipeline = runningPipeline
    self.blueprints = blueprints
    self.scopes = scopes
    self.impossible = impossible
  }
}
