import { TerraformVariable } from 'cdktf';
import { KeyVaultSecret, GitLabEndpoint, SelfHostedGitLab, SelfHostedGitLabProps } from '../../../src';
import { newStack, resource, resources, synth, warnings } from '../../synth';
import { LOCATION, parameters, resolve, rule, server } from '../server';

describe('the endpoint', () => {
  const endpoint = (choice: GitLabEndpoint, props: Partial<SelfHostedGitLabProps> = {}) => {
    const { json, gitlab, stack } = server({ endpoint: choice, ...props });
    return { json, url: resolve(stack, gitlab.gitlabUrl), gitlab: parameters(json, 'Gitlab'), warnings: warnings(stack) };
  };

  test('is HTTPS on Azure\'s name, and Let\'s Encrypt is tried', () => {
    const found = endpoint(GitLabEndpoint.https({ letsEncryptEmail: 'ops@example.com' }));
    expect(found.gitlab).toMatchObject({ SCHEME: 'https', CERTIFICATE: 'generated', LETS_ENCRYPT: 'yes' });
    expect(found.gitlab.GITLAB_RB).toContain('ops@example.com');
  });

  test('does not try Let\'s Encrypt where it cannot reach the server, or shall not', () => {
    expect(endpoint(GitLabEndpoint.https(), { webAllowedCidrs: ['203.0.113.0/24'] }).gitlab).not.toHaveProperty('LETS_ENCRYPT');
    expect(endpoint(GitLabEndpoint.https({ letsEncrypt: false })).gitlab).not.toHaveProperty('LETS_ENCRYPT');
  });

  test('is a name of the user\'s own', () => {
    const found = endpoint(GitLabEndpoint.customDomain('gitlab.example.com'));
    expect(found.url).toBe('https://gitlab.example.com');
    expect(found.gitlab).toMatchObject({ SERVER_HOST: 'gitlab.example.com', CERTIFICATE: 'generated', LETS_ENCRYPT: 'yes' });
  });

  test('keeps the web closed and lets the checks of Let\'s Encrypt in', () => {
    const found = endpoint(GitLabEndpoint.customDomain('gitlab.example.com'), { webAllowedCidrs: [], httpAllowedCidrs: ['0.0.0.0/0'] });
    expect(found.gitlab.LETS_ENCRYPT).toBe('yes');
    expect(rule(found.json, 'AllowHttp').source_address_prefix).toBe('*');
    expect(rule(found.json, 'AllowHttps')).toBeUndefined();
  });

  test('takes a certificate from a vault that the server may read', () => {
    const keyVaultId = '/subscriptions/s/resourceGroups/g/providers/Microsoft.KeyVault/vaults/company-certs';
    const found = endpoint(GitLabEndpoint.certificateFromKeyVault('gitlab.example.com', KeyVaultSecret.of(keyVaultId, 'gitlab')));
    expect(found.gitlab).toMatchObject({ CERTIFICATE: 'key-vault', CERTIFICATE_VAULT: 'company-certs', CERTIFICATE_SECRET: 'gitlab' });
    const [role, made] = Object.entries(resources(found.json, 'azurerm_role_assignment')).find(([, one]) => one.scope === keyVaultId)!;
    expect(made.role_definition_name).toBe('Key Vault Secrets User');
    expect(resource(found.json, 'azurerm_linux_virtual_machine').depends_on).toContain(`azurerm_role_assignment.${role}`);
  });

  test('takes a vault that only the apply knows', () => {
    const stack = newStack();
    const keyVaultId = new TerraformVariable(stack, 'vault', {}).stringValue;
    new SelfHostedGitLab(stack, 'GitLab', {
      location: LOCATION, endpoint: GitLabEndpoint.certificateFromKeyVault('g.example.com', KeyVaultSecret.of(keyVaultId, 'gitlab')),
    });
    expect(parameters(synth(stack), 'Gitlab').CERTIFICATE_VAULT).toBe('${element(split("/", var.vault), 8)}');
  });

  test('is plain HTTP on the address, with a warning', () => {
    const found = endpoint(GitLabEndpoint.http());
    expect(found.url).toBe('http://${azurerm_public_ip.GitLab_Network_PublicIp_B7EB4614.ip_address}');
    expect(found.gitlab).toMatchObject({ SCHEME: 'http', CERTIFICATE: 'none' });
    expect(found.warnings).toEqual([
      'Test/GitLab: endpoint: anybody on the network path can read passwords and tokens over plain HTTP; choose GitLabEndpoint.https()',
    ]);
  });
});
