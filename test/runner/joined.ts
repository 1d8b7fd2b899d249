import { TerraformStack } from 'cdktf';
import { parse } from 'smol-toml';
import {
  AksCluster, GitLab, IAksCluster, IGitLab, KubernetesGitLabRunner, KubernetesGitLabRunnerProps, RunnerToken,
} from '../../src';
import { newStack, resources, TerraformJson } from '../synth';
import { object } from './chart';

export const LOCATION = 'koreacentral';
export const REGISTRY = '/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerRegistry/registries/acme';
export const VAULT = '/subscriptions/s/resourceGroups/g/providers/Microsoft.KeyVault/vaults/own';

export interface Joined {
  readonly stack: TerraformStack;
  readonly gitlab: IGitLab;
  readonly cluster: IAksCluster;
  readonly runner: KubernetesGitLabRunner;
}

/** A runner on a GitLab and a cluster that are there already. */
export function joinExisting(props: Partial<KubernetesGitLabRunnerProps> = {}): Joined {
  const stack = newStack();
  const gitlab = GitLab.fromAttributes(stack, 'GitLab', { gitlabUrl: 'https://gitlab.com' });
  const cluster = AksCluster.fromAksClusterAttributes(stack, 'Cluster', { clusterName: 'aks', resourceGroupName: 'g' });
  const token = RunnerToken.kubernetesSecret('token');
  return { stack, gitlab, cluster, runner: new KubernetesGitLabRunner(stack, 'Runner', { gitlab, cluster, token, ...props }) };
}

/** An object as Terraform gets it. */
export function applied(json: TerraformJson, kind: string, name?: string): any {
  const manifests = Object.values<any>(json.locals).flatMap((local) => local.manifests ?? []);
  const found = manifests.filter((manifest) => manifest.kind === kind && (name === undefined || manifest.metadata.name === name));
  expect(found).toHaveLength(1);
  return found[0];
}

export const config = (runner: KubernetesGitLabRunner): any => parse(object(runner.chart, 'ConfigMap').data['config.template.toml']);
export const roles = (json: TerraformJson): string[] => Object.entries(resources(json, 'azurerm_role_assignment'))
  .filter(([name]) => name.startsWith('Runner')).map(([, role]) => `${role.role_definition_name}: ${role.scope}`).sort();
