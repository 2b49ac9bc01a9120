// The commands that are tools, and what their records always have.

extension ListCommand: AgentTool {
  var recordTypes: KeyValuePairs<String, String> {
    ["plugin": "string", "id": "integer", "name": "string"]
  }
}

extension ShowCommand: AgentTool {
  var recordTypes: KeyValuePairs<String, String> {
    ["plugin": "string", "id": "integer", "name": "string"]
  }
}

extension TestCommand: AgentTool {
  var recordTypes: KeyValuePairs<String, String> {
    [
      "plugin": "string", "id": "integer", "name": "string", "verdict": "string",
      "message": "string",
    ]
  }
}

extension ImpactCommand: AgentTool {
  var recordTypes: KeyValuePairs<String, String> {
    ["plugin": "string", "id": "integer", "name": "string", "blockedBy": "array"]
  }
}

extension StatusCommand: AgentTool {
  var recordTypes: KeyValuePairs<String, String> { ["url": "string", "version": "string"] }
}

extension PluginsCommand: AgentTool {
  var recordTypes: KeyValuePairs<String, String> { ["plugin": "string"] }
}

extension DoctorCommand: AgentTool {
  var recordTypes: KeyValuePairs<String, String> {
    ["check": "string", "severity": "string", "message": "string"]
  }
}

extension ExportCommand: AgentTool {
  var recordTypes: KeyValuePairs<String, String> { ["version": "integer", "connections": "array"] }
}

extension PlanCommand: AgentTool {
  var recordTypes: KeyValuePairs<String, String> { ["changes": "array", "summary": "object"] }
}

extension DiffCommand: AgentTool {
  var recordTypes: KeyValuePairs<String, String> {
    ["from": "string", "to": "string", "changes": "array", "summary": "object"]
  }
}
