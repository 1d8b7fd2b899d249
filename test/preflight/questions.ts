import { App, TerraformStack } from 'cdktf';
import { Answer, LOCATION, preflight } from './azure';
import { AksCluster, AksClusterProps, AksPreset, KubernetesGitLabRunner, SelfHostedGitLab } from '../../src';
import { synthesised } from '../command/program';

export const program = (cluster: Partial<AksClusterProps> = {}, before: (stack: TerraformStack) => void = () => {}) => synthesised((app: App) => {
  const stack = new TerraformStack(app, 'gitlab');
  before(stack);
  const gitlab = new SelfHostedGitLab(stack, 'GitLab', { location: LOCATION });
  const aks = new AksCluster(stack, 'Cluster', { location: LOCATION, ...cluster });
  new KubernetesGitLabRunner(stack, 'Runner', { gitlab, cluster: aks, tags: ['aks'] });
});
export const SMALL: Partial<AksClusterProps> = { preset: AksPreset.SMALL, jobNodePool: { vmSize: 'Standard_D2s_v5', maxCount: 1 } };

let made: string | undefined;
/** The smallest program, synthesised once. */
export const small = () => made ??= program(SMALL);

/** The report's findings about what matches, each with its remedy. */
export function about(told: readonly string[], pattern: RegExp): string[] {
  const lines = told.join('\n').replace(/\n +-> /g, ' -> ').split('\n');
  return lines.filter((line) => pattern.test(line)).map((line) => line.trim().replace(/ {2,}/, ' '));
}
export async function found(pattern: RegExp, different: readonly Answer[], folder = small()) {
  const { code, told } = await preflight(folder, different);
  return { code, about: about(told, pattern) };
}
