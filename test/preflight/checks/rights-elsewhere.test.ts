import { App, TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import {
  AksCluster, AksEgress, ApiServerAccess, AzureLogWorkspace, AzureProvider, AzureSubnet, GitLabEndpoint, GitLabNetwork, KeyVaultSecret,
  ManifestDelivery, PrivateEndpoints, RegistryCache, SelfHostedGitLab,
} from '../../../src';
import { synthesised } from '../../command/program';
import { Answer, failure, LOCATION, SUBSCRIPTION } from '../azure';
import { found, program, small } from '../questions';

const HUB = '/subscriptions/44444444-4444-4444-4444-444444444444/resourceGroups/hub/providers/Microsoft.Network';
const SPOKE = `/subscriptions/${SUBSCRIPTION}/resourceGroups/spoke/providers/Microsoft.Network/virtualNetworks/spoke`;
const ELIGIBLE = [{ properties: { expandedProperties: { roleDefinition: { displayName: 'Owner' } } } }];
const NOBODY = { actions: ['*/read'], notActions: [] };
const at = (id: string, permission: object): Answer => ({ call: [`--url ${id}/providers/Microsoft.Authorization/permissions`], answer: { value: [permission] } });

const folder = synthesised((app: App) => {
  const stack = new TerraformStack(app, 'gitlab');
  new AzureProvider(stack, 'Azure', { azurermMajor: 5 });
  new SelfHostedGitLab(stack, 'GitLab', {
    location: LOCATION, subnet: AzureSubnet.existing(`${SPOKE}/subnets/gitlab`), endpoint: GitLabEndpoint.customDomain('gitlab.example.com'),
    network: GitLabNetwork.privateAddress({ address: '10.1.0.4', dnsZoneEnabled: true, dnsVirtualNetworkIds: [`${HUB}/virtualNetworks/hub`] }),
    privateEndpoints: PrivateEndpoints.dnsZones(`${SPOKE}/subnets/endpoints`, `${HUB}/privateDnsZones/privatelink.vaultcore.azure.net`),
  });
  new AksCluster(stack, 'Cluster', {
    location: LOCATION, subnet: AzureSubnet.existing(`${SPOKE}/subnets/nodes`), egress: AksEgress.routed(),
    apiServerAccess: ApiServerAccess.privateEndpoint({ dnsZoneId: `${HUB}/privateDnsZones/privatelink.koreacentral.azmk8s.io` }),
  });
});
const lines = async (...different: Answer[]) => (await found(/your roles on (?!the subscription allow)/, different, folder)).about;

describe('rights on what others made', () => {
  test('each of it is asked about, once', async () => {
    expect((await lines()).sort()).toEqual([
      'virtualNetworks hub', 'privateDnsZones privatelink.vaultcore.azure.net', 'privateDnsZones privatelink.koreacentral.azmk8s.io',
      'virtualNetworks spoke', 'subnets gitlab', 'subnets endpoints', 'subnets nodes',
    ].map((what) => `ok your roles on ${what} allow what the apply does there`).sort());
  });

  test('a zone where the control plane\'s role cannot be assigned is refused', async () => {
    const zone = `${HUB}/privateDnsZones/privatelink.koreacentral.azmk8s.io`;
    const contributor = { actions: ['Microsoft.Network/privateDnsZones/*'], notActions: [] };
    expect((await lines(at(zone, contributor))).filter((line) => !line.startsWith('ok'))).toEqual([
      'REFUSED your roles on privateDnsZones privatelink.koreacentral.azmk8s.io do not allow Microsoft.Authorization/roleAssignments/write'
        + ` -> ask for Role Based Access Control Administrator on ${zone}`,
    ]);
  });

  test.each([
    [`${SPOKE}/subnets/gitlab`, 'subnets gitlab', 'Microsoft.Network/virtualNetworks/subnets/join/action'],
    [`${SPOKE}/subnets/endpoints`, 'subnets endpoints', 'Microsoft.Network/virtualNetworks/subnets/join/action'],
    [`${HUB}/virtualNetworks/hub`, 'virtualNetworks hub', 'Microsoft.Network/virtualNetworks/join/action'],
    [`${HUB}/privateDnsZones/privatelink.vaultcore.azure.net`, 'privateDnsZones privatelink.vaultcore.azure.net', 'Microsoft.Network/privateDnsZones/join/action'],
  ])('%s, which a reader cannot join, is refused', async (id, what, action) => {
    expect((await lines(at(id, NOBODY))).filter((line) => !line.startsWith('ok')))
      .toEqual([`REFUSED your roles on ${what} do not allow ${action} -> ask for Network Contributor on ${id}`]);
  });

  test('of what nobody lets one ask about, it is told what it is, and where to read', async () => {
    const zone = `${HUB}/privateDnsZones/privatelink.koreacentral.azmk8s.io`;
    const error = failure('Forbidden', 'AuthorizationFailed', 'The client "ada" has no authorization over scope');
    expect((await lines({ call: [`--url ${zone}/`], error })).filter((line) => !line.startsWith('ok'))).toEqual([
      'NO ANSWER your roles on privateDnsZones privatelink.koreacentral.azmk8s.io: not checked, this account may not ask'
        + ' (AuthorizationFailed: The client "ada" has no authorization over scope) -> ask for the Reader role there, or somebody who has it to run this',
    ]);
  });

  test('a set that encrypts disks has to be seen, and to be shown to the control plane', async () => {
    const set = `/subscriptions/${SUBSCRIPTION}/resourceGroups/security/providers/Microsoft.Compute/diskEncryptionSets/disks`;
    const encrypted = synthesised((app: App) => {
      const stack = new TerraformStack(app, 'gitlab');
      new SelfHostedGitLab(stack, 'GitLab', { location: LOCATION, diskEncryptionSetId: set });
    });
    const asked = async (permission: object) => (await found(/your roles on diskEncryptionSets/, [at(set, permission)], encrypted)).about;
    expect(await asked(NOBODY)).toEqual(['ok your roles on diskEncryptionSets disks allow what the apply does there']);
    expect(await asked({ actions: [], notActions: [] })).toEqual([
      `REFUSED your roles on diskEncryptionSets disks do not allow Microsoft.Compute/diskEncryptionSets/read -> ask for Reader on ${set}`,
    ]);
    const cluster = program({ diskEncryptionSetId: set });
    expect((await found(/your roles on diskEncryptionSets/, [at(set, NOBODY)], cluster)).about).toEqual([
      `REFUSED your roles on diskEncryptionSets disks do not allow Microsoft.Authorization/roleAssignments/write -> ask for Role Based Access Control Administrator on ${set}`,
    ]);
  });

  test('an identity that a policy gives to machines has to be given by the apply too', async () => {
    const agent = `/subscriptions/${SUBSCRIPTION}/resourceGroups/management/providers/Microsoft.ManagedIdentity/userAssignedIdentities/agent`;
    const watched = synthesised((app: App) => new SelfHostedGitLab(new TerraformStack(app, 'gitlab'), 'GitLab', { location: LOCATION, additionalIdentityIds: [agent] }));
    expect((await found(/your roles on userAssignedIdentities/, [at(agent, NOBODY)], watched)).about).toEqual([
      'REFUSED your roles on userAssignedIdentities agent do not allow Microsoft.ManagedIdentity/userAssignedIdentities/assign/action -> ask for Managed Identity Operator '
        + `on ${agent}`,
    ]);
  });

  test('logs go to a workspace, and rules into a registry, only of those who may say so there; a machine of another program takes scripts likewise', async () => {
    const workspace = '/subscriptions/44444444-4444-4444-4444-444444444444/resourceGroups/hub/providers/Microsoft.OperationalInsights/workspaces/logs';
    const registry = '/subscriptions/44444444-4444-4444-4444-444444444444/resourceGroups/hub/providers/Microsoft.ContainerRegistry/registries/acme';
    const machine = `/subscriptions/${SUBSCRIPTION}/resourceGroups/tools/providers/Microsoft.Compute/virtualMachines/tools`;
    const logged = synthesised((app: App) => {
      const stack = new TerraformStack(app, 'gitlab');
      const logWorkspace = AzureLogWorkspace.existing(workspace);
      const server = Object.assign(new Construct(stack, 'Tools'), { virtualMachineId: machine, location: LOCATION, identityPrincipalId: SUBSCRIPTION, identityClientId: SUBSCRIPTION });
      new AksCluster(stack, 'Cluster', { location: LOCATION, containerInsightsEnabled: true, logWorkspace, manifestDelivery: ManifestDelivery.throughServer(server) });
      const secret = KeyVaultSecret.of(`${SPOKE.split('/providers/')[0]}/providers/Microsoft.KeyVault/vaults/hub`, 'docker');
      RegistryCache.azure(stack, 'Images', { registryId: registry, dockerHubUsername: secret, dockerHubToken: secret });
    });
    const wrong = (await found(/your roles on (?!the subscription allow)/, [workspace, registry, machine].map((id) => at(id, NOBODY)), logged)).about.filter((line) => !line.startsWith('ok'));
    expect(wrong.sort()).toEqual([
      'REFUSED your roles on registries acme do not allow Microsoft.ContainerRegistry/registries/cacheRules/write,'
        + ` Microsoft.ContainerRegistry/registries/credentialSets/write -> ask for Contributor on ${registry}`,
      'REFUSED your roles on virtualMachines tools do not allow Microsoft.Compute/virtualMachines/runCommands/write'
        + ` -> ask for Virtual Machine Contributor on ${machine}`,
      'REFUSED your roles on workspaces logs do not allow Microsoft.OperationalInsights/workspaces/sharedKeys/action'
        + ` -> ask for Monitoring Contributor on ${workspace}`,
    ]);
  });

  test('a role that waits to be activated is told of', async () => {
    const zone = `${HUB}/privateDnsZones/privatelink.koreacentral.azmk8s.io`;
    const eligible = { call: [`--url ${zone}/providers/Microsoft.Authorization/roleEligibilityScheduleInstances`, '$filter=asTarget()'], answer: { value: ELIGIBLE } };
    expect((await lines(at(zone, NOBODY), eligible)).filter((line) => !line.startsWith('ok'))).toEqual([
      'REFUSED your roles on privateDnsZones privatelink.koreacentral.azmk8s.io do not allow Microsoft.Authorization/roleAssignments/write'
        + ` -> activate Owner, for which you are eligible (portal: Privileged Identity Management), or ask for Role Based Access Control Administrator on ${zone}`,
    ]);
  });

  test('a program that has nothing of others asks nothing', async () => {
    expect((await found(/allow what the apply does there/, [], small())).about).toEqual([]);
  });
});
