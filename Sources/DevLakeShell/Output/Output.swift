import DevLakeKit

/// What a command gives back: data for programs, and how people see it.
///
/// A command never prints. Secrets are already replaced in everything that is here; text of the
/// server need not be cleaned, the renderers do that for what reaches a terminal.
struct Output: Sendable, Equatable {
  /// How people see the result in the format `table`.
  enum View: Sendable, Equatable {
    case table(Table)
    /// Text as it is; made harmless for a terminal alone.
    case text(String)
    /// Finished sentences, one a line.
    case lines([String])
    /// A page to read: lines in two columns and paragraphs, wrapped to the screen; what follows
    /// `Examples` is written as it is.
    case page([String])
    /// The data, field by field, as `vertical` draws it.
    case records
    /// The data as indented JSON.
    case json
    /// Nothing to see.
    case none
  }

  /// The machine shape, usually an array of records.
  var data: JSONValue
  var view: View
  /// The data as YAML, where it has comments.
  var yaml: String?
  /// The fields a record has, for headers and `--fields` when there is no record.
  var fields: [String]?
  /// The list inside the data that csv and tsv have rows of; `nil`: the data itself.
  var inner: InnerList?
  /// Names `--fields` takes although no record has them.
  var known: Set<String> = []
  /// What kept parts from the data, as records: programs that read JSON are told there, too.
  var failures: [JSONValue] = []
  /// Whether cells a spreadsheet would run are made text.
  var isSafe = false
  /// Whether it is a value and no table: formats with a header write none.
  var isBare = false

  init(data: JSONValue, view: View, fields: [String]? = nil) {
    self.data = data
    self.view = view
    self.fields = fields
  }

  /// A list inside the data.
  struct InnerList: Sendable, Equatable {
    /// The member of the data that holds it.
    var field: String
    /// The first fields of its elements.
    var columns: [String]
  }

  /// A command that has nothing to say, in any format.
  static let nothing = Output(data: .null, view: .none)

  /// Whether no format writes anything, not even `null`.
  var isNothing: Bool { data.isNull && view == .none }
}

extension Output {
  /// The records of the data: the elements of a list, or the one value; none for `null`.
  var records: [JSONValue] {
    switch data {
    case .array(let elements): elements
    case .null: []
    default: [data]
    }
  }
}

extension Output {
  /// What formats that know only rows have a row of each, and their first columns.
  var rows: (records: [JSONValue], columns: [String]) {
    guard let inner, let elements = data[inner.field]?.array else { return (records, fields ?? []) }
    return (elements, inner.columns)
  }

  /// The data, and behind its elements what kept others from it.
  var dataWithFailures: JSONValue {
    guard !failures.isEmpty, let elements = data.array else { return data }
    return .array(elements + failures)
  }

  /// Whether its columns have names worth a header.
  var hasHeader: Bool { !isBare || records.contains { $0.object != nil } }
}
