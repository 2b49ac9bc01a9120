/// Rows under titled columns, for people.
struct Table: Sendable, Equatable {
  var columns: [Column]
  /// The cells of each row, in the order of the columns; missing ones are empty.
  var rows: [[String]]
  /// Lines that are below the rows.
  var footer: [String]
  /// How single rows stand out where colour is on, by their place.
  var styles: [Int: TextStyle] = [:]

  init(columns: [Column], rows: [[String]], footer: [String] = []) {
    self.columns = columns
    self.rows = rows
    self.footer = footer
  }
}

extension Table {
  /// Where the text of a cell stands.
  enum Alignment: Sendable, Equatable {
    case leading
    /// For numbers.
    case trailing
  }

  /// One column, and what may happen to it on a narrow terminal.
  struct Column: Sendable, Equatable {
    var title: String
    var alignment: Alignment
    /// The priority of a column that nothing is said about.
    static let usual = 100
    /// The column with the smallest number goes first, among equals the last one.
    var priority: Int
    /// Whether cells may be cut before columns are left out.
    var canShrink: Bool

    init(
      _ title: String,
      alignment: Alignment = .leading,
      priority: Int = Column.usual,
      canShrink: Bool = false
    ) {
      self.title = title
      self.alignment = alignment
      self.priority = priority
      self.canShrink = canShrink
    }
  }
}
