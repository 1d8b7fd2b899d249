import { Answer, failure, preflight, SUBSCRIPTION, TENANT } from './azure';
import { about, found, small } from './questions';

const versions = 'kubernetesVersions';
const throttled = (seconds: number) => failure('Too Many Requests', 'ResourceRequestsThrottled',
  `Number of requests for Microsoft.Authorization exceeded the limit of '120' for time interval '00:01:00'. Please try again after '${seconds}' seconds.`);

describe('az says', () => {
  test.each([
    ['that it reaches nobody', `ERROR: Please ensure you have network connection. Error detail: HTTPSConnectionPool(host='management.azure.com', port=443): Max retries exceeded with url: /x
(Caused by ProxyError('Cannot connect to proxy.', OSError('Tunnel connection failed: 407 Proxy Authentication Required')))`,
    'az does not reach Azure', 'check the network, and HTTPS_PROXY if the way out is a proxy'],
    ['that it does not know the certificate', 'ERROR: Certificate verification failed. This typically happens when using Azure CLI behind a proxy that intercepts traffic with a self-signed certificate.',
      'az does not trust the certificate that it is shown in Azure\'s name', 'if a proxy reads along, set REQUESTS_CA_BUNDLE to a file with the certificate of its authority'],
    ['that it is too old', "ERROR: 'rest' is misspelled or not recognized by the system.", 'this az does not know the command', 'run az upgrade: 2.60 or later does'],
    ['that it sees no such subscription', failure('Not Found', 'SubscriptionNotFound', `The subscription '${SUBSCRIPTION}' could not be found.`), `SubscriptionNotFound: The subscription '${SUBSCRIPTION}' could not be found.`,
      'az account list --output table shows the subscriptions that this account sees; sign in with one that has a role on it, or correct the id'],
    ['that the tenant is another one', failure('Unauthorized', 'InvalidAuthenticationTokenTenant', 'The access token is from the wrong issuer.'),
      'InvalidAuthenticationTokenTenant: The access token is from the wrong issuer.', 'the subscription is in another tenant: az login --tenant TENANT'],
    ['that a provider is not registered', failure('Conflict', 'MissingSubscriptionRegistration', "The subscription is not registered to use namespace 'Microsoft.ContainerService'."),
      "MissingSubscriptionRegistration: The subscription is not registered to use namespace 'Microsoft.ContainerService'.", 'az provider register --wait --namespace Microsoft.ContainerService, then run this again'],
  ])('%s: the line tells what helps', async (_, error, what, remedy) => {
    expect((await found(/Kubernetes versions/, [{ call: [versions], error }])).about).toEqual([
      `NO ANSWER Kubernetes versions in koreacentral: not checked, Azure did not answer (${what}) -> ${remedy}`,
    ]);
  });

  test('the same before anything is asked', async () => {
    const { code, complained } = await preflight(small(), [{ call: ['account show'], error: "ERROR: 'account' is misspelled or not recognized by the system." }]);
    expect({ code, complained }).toEqual({ code: 2, complained: ['cdktf-azure-gitlab: this az does not know the command; run az upgrade: 2.60 or later does'] });
  });

  test('lines of an extension before its answer, which are passed over', async () => {
    const chatty: Answer = { call: ['account show'], text: `WARNING: The command group is in preview.\n${JSON.stringify({ id: SUBSCRIPTION, tenantId: TENANT, user: { name: 'bob@example.com' } }, undefined, 2)}` };
    const { code, told } = await preflight(small(), [chatty]);
    expect({ code, who: about(told, /^Azure, as/) }).toEqual({ code: 0, who: [`Azure, as bob@example.com, tenant ${TENANT}, subscription ${SUBSCRIPTION}:`] });
  });

  test('a page of somebody else\'s, which is no answer', async () => {
    expect((await found(/Kubernetes versions/, [{ call: [versions], text: '<html><body>Sign in to the guest network</body></html>' }])).about).toEqual([
      'NO ANSWER Kubernetes versions in koreacentral: not checked, Azure did not answer (az printed no JSON but "<html><body>Sign in to the guest network</body></html>")'
        + ' -> see what az account show prints; an extension of az, or a proxy, may have its say in it',
    ]);
  });
});

describe('a question that Azure puts off', () => {
  test('is asked again, after as long as Azure says', async () => {
    const { code, told, calls } = await preflight(small(), [{ call: [versions], firstError: throttled(1), answer: { values: [{ version: '1.36', patchVersions: { '1.36.1': {} } }] } }]);
    expect({ code, ok: about(told, /Kubernetes 1/) }).toEqual({ code: 0, ok: ['ok Kubernetes 1.36 in koreacentral'] });
    expect(calls.filter((call) => call.includes(versions))).toHaveLength(2);
  });

  test('is given up in the end', async () => {
    const { about: told } = await found(/Kubernetes versions/, [{ call: [versions], error: throttled(0) }]);
    expect(told).toEqual([expect.stringMatching(/^NO ANSWER .*ResourceRequestsThrottled: .* -> Azure wants fewer questions at a time: run it again in some minutes$/)]);
  });
});

describe('an account without a subscription', () => {
  const guest: Answer = { call: ['account show'], answer: { id: TENANT, name: 'N/A(tenant level account)', tenantId: TENANT, user: { name: 'guest@example.com' } } };

  test('is told so, and nothing is asked', async () => {
    const { code, complained, calls } = await preflight(small(), [guest]);
    expect({ code, complained, calls: calls.length }).toEqual({
      code: 2, calls: 2, complained: [`cdktf-azure-gitlab: az: guest@example.com has no subscription in the tenant ${TENANT}; ask for a role on one, sign in to another tenant `
        + 'by az login --tenant TENANT, or set ARM_SUBSCRIPTION_ID'],
    });
  });
});
