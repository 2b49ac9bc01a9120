import DevLakeKit

/// What `/plugins` tells about the metrics of a plugin.
enum PluginMetric {
  static func of(_ plugin: String) -> JSONValue {
    switch plugin {
    case "dora": computed(from: "cicd_tasks", type: "Deployment")
    case "issue_trace": computed(from: "issue_changelogs", type: "Issue")
    case "linker": ["requiredDataEntities": [], "runAfter": [], "isProjectMetric": true]
    case "refdiff": ["requiredDataEntities": [], "runAfter": [], "isProjectMetric": false]
    default: ["requiredDataEntities": nil, "runAfter": nil, "isProjectMetric": false]
    }
  }

  private static func computed(from model: String, type: String) -> JSONValue {
    [
      "requiredDataEntities": [
        [
          "model": .string(model),
          // The misspelling is DevLake's.
          "requiredFields": ["column": "type", "execptedValue": .string(type)],
        ]
      ],
      "runAfter": [], "isProjectMetric": true,
    ]
  }
}
