import { App, TerraformStack, TerraformVariable } from 'cdktf';
import { AksCluster, AksPreset } from '../../../src';
import { synthesised } from '../../command/program';
import { LOCATION, sku, skus, SUBSCRIPTION, usage, usages } from '../azure';
import { found, program } from '../questions';

describe('quota', () => {
  // Azure/kars#518: a new subscription has ten of a family.
  test('the platform with its defaults does not fit into ten', async () => {
    expect(await found(/standardDSv5Family.*vCPU needed/, [], program())).toEqual({
      code: 1,
      about: ['REFUSED standardDSv5Family in koreacentral: 16 vCPU needed, 10 of 10 free'
        + ' -> raise the quota "standardDSv5Family" of koreacentral to 16 or more (portal: Quotas, Compute), or take fewer or smaller machines'],
    });
  });

  // Azure/azure-cli#15013
  test('a trial keeps its quotas: the way past them is another offer', async () => {
    const trial = { displayName: 'Students', state: 'Enabled', subscriptionPolicies: { quotaId: 'AzureForStudents_2018-01-01' } };
    expect((await found(/standardDSv5Family.*vCPU needed/, [{ call: [`--url /subscriptions/${SUBSCRIPTION} `], answer: trial }], program())).about).toEqual([
      'REFUSED standardDSv5Family in koreacentral: 16 vCPU needed, 10 of 10 free -> upgrade the subscription to pay-as-you-go, as Azure for Students keeps its quotas, and'
        + ' raise the quota "standardDSv5Family" of koreacentral to 16 or more (portal: Quotas, Compute), or take fewer or smaller machines',
    ]);
  });

  // mspnp/aks-baseline#377: ten of all families together.
  test('a node for jobs that cannot start is told of', async () => {
    const { code, about: lines } = await found(/all families/, [usages(usage('cores', 20, 11), usage('standardDSv5Family', 100))]);
    expect({ code, lines }).toEqual({
      code: 1,
      lines: ['REFUSED all families in koreacentral: 10 vCPU needed, 9 of 20 free: the apply passes, but no node for CI jobs can start'
        + ' -> raise the quota "Total Regional vCPUs" of koreacentral to 21 or more (portal: Quotas, Compute), or take fewer or smaller machines'],
    });
  });

  test('an upgrade that finds no room is a warning', async () => {
    const { code, about: lines } = await found(/all families/, [usages(usage('cores', 14), usage('standardDSv5Family', 100))],
      program({ systemNodePool: { vmSize: 'Standard_D4s_v5' }, jobNodePoolEnabled: false }));
    expect({ code, lines }).toEqual({
      code: 0,
      lines: ['warning all families in koreacentral: 12 vCPU needed, 14 of 14 free; an upgrade of the nodes needs 16'
        + ' -> raise the quota "Total Regional vCPUs" of koreacentral to 16 or more (portal: Quotas, Compute)'],
    });
  });

  test('Spot machines have a quota of their own, and none of a family', async () => {
    const folder = program({ preset: AksPreset.SMALL, jobNodePool: { vmSize: 'Standard_D4s_v5', spot: true } });
    expect((await found(/(families|Family) in .*needed/, [], folder)).about).toEqual([
      'ok standardDSv5Family in koreacentral: 8 vCPU needed, 10 of 10 free', 'ok all families in koreacentral: 8 vCPU needed, 10 of 10 free',
    ]);
    expect((await found(/Spot machines/, [], folder)).about).toEqual([
      'REFUSED Spot machines in koreacentral: 4 vCPU needed, 3 of 3 free: the apply passes, but no node for CI jobs can start'
        + ' -> raise the quota "lowPriorityCores" of koreacentral to 4 or more (portal: Quotas, Compute), or take fewer or smaller machines',
    ]);
  });

  test('families are compared without regard to case, and cores are Azure\'s', async () => {
    const { about: lines } = await found(/vCPU needed/, [
      usages(usage('cores', 100), usage('StandardDSv5Family', 100)), skus(sku('Standard_D4s_v5', 3, 'standardDSV5family')),
    ]);
    expect(lines).toEqual(['ok standardDSv5Family in koreacentral: 9 vCPU needed, 100 of 100 free', 'ok all families in koreacentral: 9 vCPU needed, 100 of 100 free']);
  });

  test('what an earlier apply has made is not counted again', async () => {
    const id = (group: string, type: string, name: string) => ({ id: `/subscriptions/${SUBSCRIPTION}/resourceGroups/${group}/providers/${type}/${name}` });
    const made = { value: [id('GITLAB-RG', 'Microsoft.Compute/virtualMachines', 'gitlab-vm'), id('gitlab-cluster-rg', 'Microsoft.ContainerService/managedClusters', 'gitlab-cluster')] };
    const { about: lines } = await found(/all families/, [
      { call: [`/subscriptions/${SUBSCRIPTION}/resources `], answer: made }, usages(usage('cores', 20, 10), usage('standardDSv5Family', 20, 10)),
    ]);
    expect(lines).toEqual(['ok all families in koreacentral: 0 vCPU needed, 10 of 20 free']);
  });

  test('a family that Azure has no quota of is no silence', async () => {
    expect(await found(/no quota/, [usages(usage('cores', 100))])).toEqual({
      code: 2, about: ['NO ANSWER standardDSv5Family in koreacentral: 10 vCPU needed, but Azure lists no quota of that name'],
    });
  });

  test('what only the apply knows is said to be unknown', async () => {
    const folder = synthesised((app: App) => {
      const stack = new TerraformStack(app, 'ci');
      const size = new TerraformVariable(stack, 'Size', { type: 'string' });
      new AksCluster(stack, 'Cluster', { location: LOCATION, jobNodePool: { vmSize: size.stringValue } });
    });
    expect((await found(/only the apply/, [usages(usage('cores', 100), usage('standardDSv5Family', 100))], folder)).about)
      .toEqual(['unknown ci/Cluster/Jobs/Resource: only the apply knows its size, its place or how many there are']);
  });
});
