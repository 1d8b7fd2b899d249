import { createHash } from 'crypto';
import { TerraformVariable } from 'cdktf';
import { GitLabEndpoint, SelfHostedGitLab } from '../../../src';
import { parameters, resolve, runCommand, server, unsynthesised } from '../server';

describe('requestRunnerToken', () => {
  test('has the server make the runner and says where its token will be', () => {
    const tokens: any[] = [];
    const { json, stack } = server({}, (gitlab) => {
      tokens.push(gitlab.requestRunnerToken('Aks', { tags: ['aks', 'team/a'], maximumTimeoutSeconds: 3600, locked: true, paused: true, refProtected: true }));
      tokens.push(gitlab.requestRunnerToken('Other pool!', {}));
    });
    const [token] = tokens;
    const digest = createHash('sha256').update('Test/GitLab/Aks').digest('hex');
    expect(resolve(stack, { ...token, ready: undefined })).toEqual({
      keyVaultId: '${azurerm_key_vault.GitLab_RunnerVault_A95F4633.id}',
      keyVaultName: '${azurerm_key_vault.GitLab_RunnerVault_A95F4633.name}',
      tenantId: '${data.azurerm_client_config.CdktfAzureGitLab_Azure_ClientConfig_2E17B686.tenant_id}',
      tokenSecretName: `runner-token-aks-${digest.slice(0, 8)}`,
      caSecretName: 'gitlab-ca-certificate',
    });
    expect(token.ready.map((one: any) => resolve(stack, one.fqn))).toEqual([`\${${runCommand(json, 'Runners').address}}`]);
    expect(JSON.parse(parameters(json, 'Runners').WANTED_JSON).runners).toEqual([
      {
        marker: `cdktf-azure-gitlab:${digest.slice(0, 32)}`,
        tokenSecretName: token.tokenSecretName,
        description: 'Test/GitLab/Aks',
        tags: ['aks', 'team/a'],
        runUntagged: false,
        locked: true,
        paused: true,
        accessLevel: 'ref_protected',
        maximumTimeoutSeconds: 3600,
      },
      expect.objectContaining({ tags: [], runUntagged: true, locked: false, paused: false, accessLevel: 'not_protected', maximumTimeoutSeconds: null }),
    ]);
    expect(tokens[1].tokenSecretName).toMatch(/^runner-token-other-pool-[0-9a-f]{8}$/);
  });

  test('carries a description that only the apply knows, and one full of quotes', () => {
    const { json } = server({}, (gitlab, stack) => {
      gitlab.requestRunnerToken('A', { description: new TerraformVariable(stack, 'team', {}).stringValue });
      gitlab.requestRunnerToken('B', { description: 'say "hi" ${now} #{x}' });
    });
    const text = parameters(json, 'Runners').WANTED_JSON;
    expect(text).toContain('var.team');
    expect(text).toContain('say \\"hi\\" ${"\\u0024"}{now} #{x}');
  });

  test('carries settings that only the apply decides, as what they are', () => {
    const { json } = server({}, (gitlab, stack) => {
      const decided: any = new TerraformVariable(stack, 'decided', {}).stringValue;
      gitlab.requestRunnerToken('A', { runUntagged: decided, locked: decided, paused: decided, maximumTimeoutSeconds: decided });
    });
    expect(parameters(json, 'Runners').WANTED_JSON).toContain('"runUntagged":${jsonencode(var.decided)},"locked":${jsonencode(var.decided)},'
      + '"paused":${jsonencode(var.decided)},"accessLevel":"not_protected","maximumTimeoutSeconds":${jsonencode(var.decided)}');
  });

  test('hands no authority over where there is none', () => {
    const { gitlab } = unsynthesised({ endpoint: GitLabEndpoint.http() });
    expect(gitlab.requestRunnerToken('A', {}).caSecretName).toBeUndefined();
  });

  test('fails when there are more runners than the server can be told of', () => {
    const { gitlab } = unsynthesised();
    const description = 'x'.repeat(1000);
    expect(() => [...Array(120).keys()].forEach((index) => gitlab.requestRunnerToken(`R${index}`, { description }))).toThrow(new Error(
      'id: too many runners: their list would be longer than 120000 bytes, got "R98"; '
      + 'shorten descriptions and tags, or have fewer runners take more jobs each (at Test/GitLab)',
    ));
  });

  const fails: [string, (gitlab: SelfHostedGitLab) => void, string][] = [
    ['the id is taken', (gitlab) => [1, 2].forEach(() => gitlab.requestRunnerToken('A', {})),
      'id: another runner has this id already, got "A"; give each runner an id of its own (at Test/GitLab)'],
    ['the id is empty', (gitlab) => gitlab.requestRunnerToken('', {}),
      'id: not a valid value, got ""; give 1 to 200 printable ASCII characters (at Test/GitLab)'],
    ['a tag has a blank', (gitlab) => gitlab.requestRunnerToken('A', { tags: ['a', 'b c'] }),
      'tags[1]: not a valid value, got "b c"; give 1 to 255 letters, digits, "-", "_", "." and "/" (at Test/GitLab)'],
    ['the timeout is short', (gitlab) => gitlab.requestRunnerToken('A', { maximumTimeoutSeconds: 599 }),
      'maximumTimeoutSeconds: out of range, got 599; give a whole number from 600 to 2147483647 (at Test/GitLab)'],
    ['no job could ever come', (gitlab) => gitlab.requestRunnerToken('A', { runUntagged: false }),
      'runUntagged: a runner without tags that takes no untagged jobs would never get a job, got false; give tags, or true (at Test/GitLab)'],
    ['the description is long', (gitlab) => gitlab.requestRunnerToken('A', { description: 'x'.repeat(1025) }),
      `description: not a valid value, got "${'x'.repeat(499)}… (1027 characters); give 1 to 1024 characters on one line (at Test/GitLab)`],
    ['the protection is text', (gitlab) => gitlab.requestRunnerToken('A', { refProtected: 'ref_protected' as any }),
      'refProtected: not true or false, got "ref_protected"; give true or false (at Test/GitLab)'],
    ['paused is no boolean', (gitlab) => gitlab.requestRunnerToken('A', { paused: 'no' as any }),
      'paused: not true or false, got "no"; give true or false (at Test/GitLab)'],
    ['the tags are known to the apply only', (gitlab) => gitlab.requestRunnerToken('A', { tags: new TerraformVariable(gitlab, 'tags', {}).listValue }),
      'tags: known only at apply time, got a reference; write the list here; its items may be references (at Test/GitLab)'],
    ['a tag is there twice', (gitlab) => gitlab.requestRunnerToken('A', { tags: ['a', 'b', 'a'] }),
      'tags[2]: given twice, got "a"; name it once (at Test/GitLab)'],
    ['a prop is misspelled', (gitlab) => gitlab.requestRunnerToken('A', { runUntaged: true } as any),
      'runUntaged: no such prop, got true; write runUntagged, or leave it out (at Test/GitLab)'],
    ['the scope is a text', (gitlab) => gitlab.requestRunnerToken('A', { runnerScope: 'team' as any }),
      'runnerScope: not a GitLabRunnerScope, got "team"; give one such as GitLabRunnerScope.group() (at Test/GitLab)'],
  ];
  test.each(fails)('fails when %s', (_, act, message) => {
    expect(() => act(unsynthesised().gitlab)).toThrow(new Error(message));
  });
});
