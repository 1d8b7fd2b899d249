import { App, TerraformStack, TerraformVariable } from 'cdktf';
import { LOCATION, preflight } from './azure';
import { AksCluster, AksPreset, AlertReceiver, KubernetesGitLabRunner, PlatformAlerts, SelfHostedGitLab } from '../../src';
import { synthesised } from '../command/program';

const platform = (spot = false, vmSize = 'Standard_D8s_v5') => synthesised((app: App) => {
  const stack = new TerraformStack(app, 'gitlab');
  const gitlab = new SelfHostedGitLab(stack, 'GitLab', { location: LOCATION });
  const cluster = new AksCluster(stack, 'Cluster', {
    location: LOCATION, preset: AksPreset.SMALL,
    jobNodePool: { vmSize, maxCount: 3, osDiskSizeGb: 100, ephemeralOsDiskEnabled: spot, ...spot ? { spot: true } : {} },
  });
  new KubernetesGitLabRunner(stack, 'Runner', { gitlab, cluster, tags: ['aks'] });
  new PlatformAlerts(stack, 'Alerts', { gitlab, cluster, receivers: [AlertReceiver.owners()], monthlyBudget: 600 });
});

/** The part about a month, without the spaces between its columns. */
async function month(folder: string): Promise<string[]> {
  const { told } = await preflight(folder, [], '--offline');
  return told.slice(told.indexOf('A month of it comes to:') + 2).map((line) => line.trim().replace(/ {2,}/g, ' | '));
}

test('hours of vCPU by size, disks, addresses, tests and the budget, at least and at most', async () => {
  expect(await month(platform())).toEqual([
    'Standard_D2s_v5 in koreacentral | 2,920 | 2,920 | vCPU hours',
    'Standard_D4s_v5 in koreacentral | 2,920 | 2,920 | vCPU hours',
    'Standard_D8s_v5 in koreacentral | 0 | 17,520 | vCPU hours',
    'OS disks in koreacentral | 320 | 620 | GB',
    'data disks in koreacentral | 128 | 128 | GB',
    'public IP addresses in koreacentral | 2 | 2 | addresses',
    'tests from outside | 26,280 | 26,280 | executions',
    'monthlyBudget, which warns and stops nothing | 600 | 600 | of your currency',
  ]);
});

test('disks of the machines themselves cost nothing, and Spot machines are told apart', async () => {
  expect(await month(platform(true, 'Standard_D8ds_v5'))).toEqual(expect.arrayContaining(['Standard_D8ds_v5 as Spot in koreacentral | 0 | 17,520 | vCPU hours', 'OS disks in koreacentral | 320 | 320 | GB']));
});

test('what is where only the apply knows says so, in both tables', async () => {
  const folder = synthesised((app: App) => {
    const stack = new TerraformStack(app, 'gitlab');
    new SelfHostedGitLab(stack, 'GitLab', { location: new TerraformVariable(stack, 'region', { type: 'string' }).stringValue });
  });
  const { told } = await preflight(folder, [], '--offline');
  const [asked, billed] = [told.slice(0, told.indexOf('')), told.slice(told.indexOf(''))].map((lines) => lines.filter((line) => line.includes(' in ')).map((line) => line.trim().split(/ {2,}/)[0]));
  expect(asked).toEqual(['standardDSv5Family', 'OS disks', 'data disks', 'public IP addresses'].map((what) => `${what} in a location unknown before the apply`));
  expect(billed).toEqual(['Standard_D4s_v5', 'OS disks', 'data disks', 'public IP addresses'].map((what) => `${what} in a location unknown before the apply`));
});
