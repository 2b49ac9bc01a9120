import DevLakeKit

/// The names `--fields` takes, as far as they are known before anything is asked.
enum FieldNames {
  /// The names in the order they were given.
  static func read(_ given: ArgumentValue) throws(Failure) -> [String] {
    let names = given.text.split(separator: ",", omittingEmptySubsequences: false).map {
      String($0.trimmingBlanks)
    }
    guard names.allSatisfy({ !$0.isEmpty }) else {
      throw .invalid("'--fields' must be names: a,b,c", at: given)
    }
    return names
  }

  /// Refuses what is not a list of names, and names no connection of the plugin has.
  static func check(_ given: ArgumentValue, of signature: Signature, in call: Call) throws(Failure)
  {
    let names = try read(given)
    guard ConnectionFields.commands.contains(signature.name) else { return }
    for name in names where name != "instance" || call.option("instances") == nil {
      try ConnectionFields.check(String(name.prefix { $0 != "." }), at: given, in: call)
    }
  }
}

extension Substring {
  var trimmingBlanks: Substring {
    let start = drop { $0 == " " }
    return start[..<(start.lastIndex { $0 != " " }.map(start.index(after:)) ?? start.startIndex)]
  }
}
