import { App, TerraformStack } from 'cdktf';
import { AksCluster, SelfHostedGitLab } from '../../../src';
import { synthesised } from '../../command/program';
import { Answer, failure, LOCATION, preflight } from '../azure';
import { found, small } from '../questions';

const ABOUT = /EncryptionAtHost/;
const program = (make: (stack: TerraformStack) => void) => synthesised((app: App) => make(new TerraformStack(app, 'gitlab')));
const server = () => program((stack) => new SelfHostedGitLab(stack, 'GitLab', { location: LOCATION, hostEncryptionEnabled: true }));
const state = (value: string): Answer => ({ call: ['Microsoft.Features/providers/Microsoft.Compute/features/EncryptionAtHost'], answer: { properties: { state: value } } });
const REFUSED = 'REFUSED the feature EncryptionAtHost is not registered (NotRegistered), and hostEncryptionEnabled needs it'
  + ' -> az feature register --namespace Microsoft.Compute --name EncryptionAtHost, and once that is done, az provider register --namespace Microsoft.Compute';

describe('encryption at the host', () => {
  test('is refused for a server in a subscription that is not registered for it', async () => {
    expect(await found(ABOUT, [state('NotRegistered')], server())).toEqual({ code: 1, about: [REFUSED] });
  });

  test.each<[string, (stack: TerraformStack) => void]>([
    ['system nodes', (stack) => new AksCluster(stack, 'Cluster', { location: LOCATION, systemNodePool: { hostEncryptionEnabled: true } })],
    ['CI nodes', (stack) => new AksCluster(stack, 'Cluster', { location: LOCATION, jobNodePool: { hostEncryptionEnabled: true } })],
  ])('is refused for %s too', async (_, make) => {
    expect((await found(ABOUT, [state('NotRegistered')], program(make))).about).toEqual([REFUSED]);
  });

  test('is no obstacle where it is registered', async () => {
    expect((await found(ABOUT, [state('Registered')], server())).about).toEqual(['ok the feature EncryptionAtHost is registered']);
  });

  test('is not asked about by programs without it', async () => {
    expect((await preflight(small())).calls.filter((call) => call.includes('Microsoft.Features'))).toEqual([]);
  });

  test('no answer is no silence', async () => {
    expect(await found(ABOUT, [{ call: ['Microsoft.Features'], error: failure('Forbidden', 'AuthorizationFailed', 'no') }], server())).toMatchObject({
      code: 2, about: [expect.stringMatching(/^NO ANSWER the feature EncryptionAtHost: not checked/)],
    });
  });
});
