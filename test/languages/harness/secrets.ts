import { deepEqual } from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { Synthesised, terraformJson } from './synthesis';

const read = (name: string) => `File.read("/etc/gitlab/secrets/${id(name)}", encoding: "UTF-8").chomp`;
const id = (name: string) => createHash('sha256').update(`own/${name}`).digest('hex').slice(0, 16);

/** What programs/ say in each language, in the order of nobody's map. */
const LINES = [
  `gitlab_rails["kerberos_keytab"] = "/etc/gitlab/secret-files/${id('keytab')}"`,
  `gitlab_rails["ldap_servers"] = {"main" => {"host" => "ldap.example.com", "uid" => "uid", "base" => "dc=example,dc=com", "encryption" => "simple_tls", "password" => ${read('ldap')}}}`,
  `gitlab_rails["object_store"] = {"connection" => JSON.parse(${read('store')})}`,
  `gitlab_rails["omniauth_providers"] = [{"name" => "github"}, {"args" => {"client_options" => {"secret" => ${read('ldap')}}}, "name" => "openid_connect"}]`,
  `gitlab_rails["redis_cache_instance"] = "rediss://:" + ${read('redis')}.b.gsub(/[^A-Za-z0-9._~-]/n) { |byte| format("%%%02X", byte.ord) }.encode("UTF-8") + "@redis.example.com"`,
  `gitlab_rails["smtp_password"] = ${read('smtp')}`,
];

/** References to secrets arrive as such, however deep they are in a map without types. */
export function assertSecrets(files: Synthesised): void {
  const { locals } = terraformJson(files, 'secrets');
  const parameters = (step: string) => Object.entries<any>(locals).find(([name]) => name.includes(`SetUp_${step}Parameters`))![1];
  const lines = parameters('Gitlab').GITLAB_RB.split('\n').filter((line: string) => line.includes('/etc/gitlab/secret'));
  deepEqual(lines.map(sorted).sort(), LINES.map(sorted).sort());
  deepEqual(JSON.parse(parameters('Secrets').SECRETS_JSON).map(({ name }: any) => name).sort(), ['keytab', 'ldap', 'redis', 'smtp', 'store']);
}

/** Go and Java keep no order in their maps. */
function sorted(line: string): string {
  return line.split(/(?<=[{},[\]])|(?=[{},[\]])/).map((part) => part.trim()).filter((part) => part !== '' && part !== ',').sort().join('\n');
}
