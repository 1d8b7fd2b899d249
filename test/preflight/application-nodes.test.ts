import { App, TerraformStack } from 'cdktf';
import { LOCATION, SUBSCRIPTION, usage, usages } from './azure';
import { found } from './questions';
import { SelfHostedGitLab } from '../../src';
import { synthesised } from '../command/program';
import { NEEDED } from '../gitlab/application-nodes/served-by-nodes';

const served = (count: number, vmSize?: string) => synthesised((app: App) => {
  new SelfHostedGitLab(new TerraformStack(app, 'gitlab'), 'GitLab', { location: LOCATION, ...NEEDED, applicationNodes: { count, vmSize } });
});
const folder = served(3);
const enough = usages(usage('cores', 100), usage('standardDSv5Family', 100), usage('standardDLSv5Family', 100));

describe('what application nodes need of Azure', () => {
  test('their vCPU are added up by family, beside those of the server\'s own machine', async () => {
    expect((await found(/vCPU needed/, [enough], folder)).about.sort()).toEqual([
      'ok all families in koreacentral: 28 vCPU needed, 100 of 100 free', 'ok standardDLSv5Family in koreacentral: 24 vCPU needed, 100 of 100 free',
      'ok standardDSv5Family in koreacentral: 4 vCPU needed, 100 of 100 free',
    ]);
  });

  test('too small a quota of the nodes\' family is refused, and what it needs is said', async () => {
    const { code, about } = await found(/standardDLSv5Family.*needed/, [usages(usage('cores', 100), usage('standardDSv5Family', 100), usage('standardDLSv5Family', 16))], folder);
    expect({ code, about }).toEqual({
      code: 1,
      about: ['REFUSED standardDLSv5Family in koreacentral: 24 vCPU needed, 16 of 16 free'
        + ' -> raise the quota "standardDLSv5Family" of koreacentral to 24 or more (portal: Quotas, Compute), or take fewer or smaller machines'],
    });
  });

  test('a node more asks for its own vCPU alone', async () => {
    const id = (name: string) => ({ id: `/subscriptions/${SUBSCRIPTION}/resourceGroups/gitlab-rg/providers/Microsoft.Compute/virtualMachines/${name}` });
    const made = { call: [`/subscriptions/${SUBSCRIPTION}/resources `], answer: { value: [id('gitlab-vm'), id('gitlab-vm-node-1'), id('gitlab-vm-node-2')] } };
    expect((await found(/standardDLSv5Family.*needed/, [enough, made], folder)).about).toEqual([
      'ok standardDLSv5Family in koreacentral: 8 vCPU needed, 100 of 100 free',
    ]);
  });

  test('one load balancer and one public address serve all of them', async () => {
    expect((await found(/(balancers|addresses) in .* needed/, [enough], folder)).about.sort()).toEqual([
      'ok load balancers in koreacentral: 1 needed, 1000 of 1000 free', 'ok public IP addresses in koreacentral: 1 needed, 20 of 20 free',
    ]);
  });
});
