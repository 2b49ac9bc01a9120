import DevLakeKit
import Testing

struct SecretNamesTests {
  @Test(arguments: [
    "token", "GITHUB_TOKEN", "API_KEY", "apiKey", "JIRA_API_KEY", "GITLAB_PAT", "DB_PASS", "PASS",
    "MYSQL_PWD", "GOOGLE_CREDENTIALS", "CREDENTIAL", "SSH_KEY", "sshKey", "PRIVATE-TOKEN",
    "SSHPASS",
    "AWS_SECRET_ACCESS_KEY", "NPM_AUTH", "Authorization", "Cookie", "GPG_PASSPHRASE", "TOKEN2",
    "DB_PASS_2", "PGPASSWORD", "ENCRYPTION_KEY", "X-Api-Key",
  ])
  func `a name says that it holds a secret`(_ name: String) {
    #expect(SecretNames.isSecret(name))
  }

  @Test(arguments: [
    "PWD", "OLDPWD", "PATH", "HOME", "name", "tokenExpiresAt", "usesApiToken", "PUBLIC_KEY",
    "JIRA_PROJECT_KEY", "key", "COMPAT", "BYPASS", "AUTHOR", "AUTH_METHOD", "authMethod",
    "SSH_AUTH_SOCK",
    "monkey", "endpoint", "PATTERN", "",
  ])
  func `a name says nothing of a secret`(_ name: String) {
    #expect(!SecretNames.isSecret(name))
  }
}
