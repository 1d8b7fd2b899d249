import { RoleAssignment } from '@cdktf/provider-azurerm/lib/role-assignment';
import { TerraformStack } from 'cdktf';
import { AzureResourceGroup, AzureRole } from '../../src';
import { ADMIN_ROLE, make, Made, OTHER, roles, SOMEBODY } from '../aks/made';
import { mistakes, synth, testApp } from '../synth';

const REGISTRY = '/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerRegistry/registries/acme';
const ROLE_ID = '/subscriptions/s/providers/Microsoft.Authorization/roleDefinitions/00000000-0000-0000-0000-000000000009';

const identity = ({ cluster }: Made) => cluster.addWorkloadIdentity('Identity', { namespace: 'ci', serviceAccountName: 'jobs' });
const twice = (owner: string, other: string, role: string) => [
  `role: given to the same principal at the same scope by Test/Cluster/${owner}, got "${role}"; leave one of the two out, as Azure refuses a second one `
  + `(at Test/Cluster/${other})`,
];

describe('a role that somebody gets twice at one scope', () => {
  test.each<[string, (made: Made) => void, string[]]>([
    ['of administrators', ({ cluster }) => {
      cluster.grantClusterAdmin('One', SOMEBODY);
      cluster.grantClusterAdmin('Two', SOMEBODY.toUpperCase());
    }, twice('One', 'Two', 'Azure Kubernetes Service RBAC Cluster Admin')],
    ['of an identity, whatever the case of the scope', (made) => {
      const jobs = identity(made);
      jobs.grant('One', AzureRole.ACR_PUSH, REGISTRY);
      jobs.grant('Two', AzureRole.ACR_PUSH, REGISTRY.toLowerCase());
    }, twice('Identity/One', 'Identity/Two', 'AcrPush')],
    ['by the id of its definition', (made) => {
      const jobs = identity(made);
      ['One', 'Two'].forEach((id) => jobs.grant(id, AzureRole.ofDefinition(ROLE_ID), REGISTRY));
    }, twice('Identity/One', 'Identity/Two', ROLE_ID)],
    ['by a resource of the user\'s own', (made) => {
      const jobs = identity(made);
      jobs.grant('One', AzureRole.READER, REGISTRY);
      new RoleAssignment(made.cluster, 'Own', { scope: REGISTRY, roleDefinitionName: 'Reader', principalId: jobs.principalId });
    }, twice('Identity/One', 'Own', 'Reader')],
  ])('is refused: %s', (_what, give, expected) => {
    const made = make();
    give(made);
    expect(mistakes(made.stack)).toEqual(expected);
  });

  test('is refused over stacks', () => {
    const app = testApp();
    const stacks = ['one', 'two'].map((id) => new TerraformStack(app, id));
    for (const stack of stacks) {
      make({}, stack);
      new RoleAssignment(stack, 'Reader', { scope: REGISTRY, roleDefinitionName: 'Reader', principalId: SOMEBODY });
    }
    expect(mistakes(stacks[1])).toEqual([
      'role: given to the same principal at the same scope by one/Reader, got "Reader"; leave one of the two out, as Azure refuses a second one (at two/Reader)',
    ]);
  });

  test('goes through with another role, scope or principal', () => {
    const made = make();
    const jobs = identity(made);
    jobs.grant('Pull', AzureRole.ACR_PULL, REGISTRY);
    jobs.grant('Push', AzureRole.ACR_PUSH, REGISTRY);
    jobs.grant('Other', AzureRole.ACR_PUSH, `${REGISTRY}2`);
    made.cluster.grantClusterAdmin('One', SOMEBODY);
    made.cluster.grantClusterAdmin('Two', OTHER);
    made.cluster.grantClusterUser('Three', OTHER);
    expect(mistakes(made.stack)).toEqual([]);
  });
});

describe('a role that follows from two props', () => {
  test('is given once: of a registry that is attached twice', () => {
    const { cluster, stack } = make();
    cluster.attachAcr('One', REGISTRY);
    cluster.attachAcr('Two', REGISTRY.toUpperCase());
    cluster.attachAcr('Three', `${REGISTRY}2`);
    expect(roles(synth(stack)).filter((role) => role.startsWith('AcrPull'))).toHaveLength(2);
  });

  test('is given once: of whoever deploys in a group of others and is an administrator too', () => {
    const { stack } = make({
      resourceGroup: AzureResourceGroup.existing('shared'), deployerObjectIds: [SOMEBODY], administratorObjectIds: [SOMEBODY.toUpperCase(), OTHER],
    });
    expect(roles(synth(stack)).filter((role) => role.startsWith(ADMIN_ROLE)).map((role) => role.split(' <- ')[1])).toEqual([SOMEBODY, OTHER]);
  });
});
