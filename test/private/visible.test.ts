import { Fn, TerraformLocal, TerraformStack, TerraformVariable, Token } from 'cdktf';
import { AksCluster, GitLabEndpoint, SelfHostedGitLab } from '../../src';
import { newStack } from '../synth';

const LOCATION = 'koreacentral';
const secret = (stack: TerraformStack) => new TerraformVariable(stack, 'secret', { sensitive: true }).stringValue;
const reference = (text: string) => Token.asString({ resolve: () => `\${${text}}` });
const told = (prop: string, path = 'GitLab') => new Error(`${prop}: a sensitive value, but all who may read the resource see it, got a reference; `
  + `give what is no secret, or wrap it in Fn.nonsensitive() (at Test/${path})`);

test.each<[string, string, (stack: TerraformStack) => any]>([
  ['a tag', 'tags', (stack) => ({ tags: { team: 'a', owner: secret(stack) } })],
  ['a tag that is some text with one in it', 'tags', (stack) => ({ tags: { owner: `x-${secret(stack)}` } })],
  ['tags that only the apply knows', 'tags', () => ({ tags: Token.asStringMap({ resolve: () => '${sensitive(var.tags)}' }) })],
  ['a password that is made', 'tags', () => ({ tags: { a: reference('random_password.a.result') } })],
  ['a secret of a vault', 'tags', () => ({ tags: { a: reference('data.azurerm_key_vault_secret.a.value') } })],
  ['a function of one', 'tags', (stack) => ({ tags: { a: Fn.sha256(secret(stack)) } })],
  ['a local', 'tags', (stack) => ({ tags: { a: new TerraformLocal(stack, 'local', secret(stack)).asString } })],
  ['a local of a local', 'tags', (stack) => ({ tags: { a: new TerraformLocal(stack, 'b', new TerraformLocal(stack, 'a', { a: [secret(stack)] }).expression).asString } })],
  ['a machine\'s name', 'virtualMachineName', (stack) => ({ virtualMachineName: secret(stack) })],
  ['a vault\'s name', 'serverKeyVaultName', (stack) => ({ serverKeyVaultName: Fn.substr(secret(stack), 0, 20) })],
  ['a DNS label', 'dnsLabel', (stack) => ({ dnsLabel: secret(stack) })],
  ['a region', 'location', (stack) => ({ location: secret(stack) })],
  ['the server\'s address', 'endpoint', (stack) => ({ endpoint: GitLabEndpoint.customDomain(secret(stack)) })],
  ['that of Pages', 'pages.domain', (stack) => ({ pages: { domain: secret(stack) } })],
])('what all may see holds no sensitive value: %s', (_, prop, make) => {
  const stack = newStack();
  expect(() => new SelfHostedGitLab(stack, 'GitLab', { location: LOCATION, ...make(stack) })).toThrow(told(prop));
});

test('nor does it in a cluster', () => {
  const stack = newStack();
  expect(() => new AksCluster(stack, 'Cluster', { location: LOCATION, clusterName: secret(stack) })).toThrow(told('clusterName', 'Cluster'));
});

test.each<[string, (stack: TerraformStack) => any]>([
  ['a variable', (stack) => ({ tags: { a: new TerraformVariable(stack, 'a', {}).stringValue } })],
  ['what is said to be none', (stack) => ({ tags: { a: Fn.nonsensitive(secret(stack)) } })],
  ['a local beside one', (stack) => {
    new TerraformLocal(stack, 'b', secret(stack));
    return { tags: { a: new TerraformLocal(stack, 'a', 'x').asString } };
  }],
  ['locals in a circle', (stack) => {
    const local = new TerraformLocal(stack, 'a', 'x');
    local.expression = local.asString;
    return { tags: { a: local.asString } };
  }],
  ['an id of somebody', (stack) => ({ secretReaderObjectIds: [secret(stack)] })],
])('what is none is taken: %s', (_, make) => {
  const stack = newStack();
  expect(() => new SelfHostedGitLab(stack, 'GitLab', { location: LOCATION, ...make(stack) })).not.toThrow();
});
