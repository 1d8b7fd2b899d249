import { Fn, TerraformLocal, TerraformStack, TerraformVariable, Token } from 'cdktf';
import { isSensitiveReference } from '../../src/private/sensitive-references';
import { newStack } from '../synth';

const reference = (text: string) => Token.asString({ resolve: () => `\${${text}}` });

test.each<[string, (stack: TerraformStack) => unknown]>([
  ['a sensitive variable', (stack) => new TerraformVariable(stack, 'a', { sensitive: true }).stringValue],
  ['one within text', (stack) => `before ${new TerraformVariable(stack, 'a', { sensitive: true }).stringValue}`],
  ['one below another construct', (stack) => new TerraformVariable(stack, 'a', { sensitive: true }).value],
  ['one of another stack', (stack) => new TerraformVariable(new TerraformStack(stack.node.root, 'Other'), 'a', { sensitive: true }).stringValue],
  ['a local of one', (stack) => new TerraformLocal(stack, 'b', new TerraformVariable(stack, 'a', { sensitive: true }).value).asString],
  ['what the program calls sensitive', () => Token.asString(Fn.sensitive('a'))],
  ['a password that is made', () => reference('random_password.a.result')],
  ['a secret of a vault', () => reference('data.azurerm_key_vault_secret.a.value')],
  ['a key of an account', () => reference('azurerm_storage_account.a.primary_access_key')],
  ['a key of one among some', () => reference('azurerm_redis_cache.a["b"].secondary_access_key')],
  ['a key of a workspace', () => reference('azurerm_log_analytics_workspace.a.primary_shared_key')],
  ['a connection', () => reference('azurerm_storage_account.a.primary_connection_string')],
])('%s is a secret', (_, make) => {
  const stack = newStack();
  expect(isSensitiveReference(make(stack), stack)).toBe(true);
});

test.each<[string, (stack: TerraformStack) => unknown]>([
  ['text', () => 'random_password.a.result'],
  ['a number', () => 5],
  ['a variable', (stack) => new TerraformVariable(stack, 'a', {}).stringValue],
  ['a variable beside a sensitive one', (stack) => {
    new TerraformVariable(stack, 'secret', { sensitive: true });
    return new TerraformVariable(stack, 'a', {}).stringValue;
  }],
  ['a secret\'s id', () => reference('azurerm_key_vault_secret.a.versionless_id')],
  ['an address', () => reference('azurerm_storage_account.a.primary_blob_endpoint')],
  ['what is shown after all', () => Token.asString(Fn.nonsensitive('a'))],
  ['what nobody can tell yet', () => Token.asString({ resolve: () => { throw new Error('not yet'); } })],
])('%s is none', (_, make) => {
  const stack = newStack();
  expect(isSensitiveReference(make(stack), stack)).toBe(false);
});
