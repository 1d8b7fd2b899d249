import { IConstruct } from 'constructs';
import { JobNetworkPlan } from './job-network-plan';
import { warn } from '../../warnings/private/warn';
import { Settings } from '../config/settings';

/** Names that no public server has: a single word, and the domains that are set aside or taken for networks of one's own. */
const PRIVATE_NAME = /^https?:\/\/([a-z0-9-]+|[a-z0-9.-]+\.(?:internal|local|lan|corp|intranet|private|home\.arpa))(?=[:/]|$)/i;

/** Warns of what the network of all jobs allows, or may lack. */
export function warnOfNetwork(where: IConstruct, plan: JobNetworkPlan, gitlabUrl: string): void {
  const name = PRIVATE_NAME.exec(gitlabUrl)?.[1];
  if (plan.kind === 'open') {
    warn(where, 'open-job-network', {
      prop: 'jobNetwork', reason: 'every job can use the identity of its node through 169.254.169.254 and reach other jobs', remedy: 'use JobNetwork.internet() or listed()',
    });
  } else if (name !== undefined && plan.kind === 'internet' && plan.cidrs.length === 0) {
    warn(where, 'private-gitlab-name', {
      prop: 'jobNetwork', reason: `jobs reach public addresses only, and ${name} looks like the name of a private one`, remedy: 'give its address to JobNetwork.internet()',
    });
  }
}

/** Warns of what takes the jobs of a runner out of the reach of their network's policy. */
export function warnOfJobsBeyondPolicy(where: IConstruct, plan: JobNetworkPlan, settings: Settings): void {
  if (plan.kind === 'open') {
    return;
  }
  for (const key of ['namespace_per_job', 'namespace_overwrite_allowed'].filter((candidate) => settings[candidate])) {
    warn(where, 'jobs-beyond-network-policy', {
      prop: 'jobNetwork', reason: `no network policy covers the namespaces that kubernetesSettings.${key} creates`,
      remedy: 'leave it out, or give these jobs a cluster of their own',
    });
  }
  const patches: { patch?: unknown }[] = Array.isArray(settings.pod_spec) ? settings.pod_spec : [];
  if (patches.some(({ patch }) => /hostNetwork\W+(value\W+)?true/.test(String(patch)))) {
    warn(where, 'jobs-beyond-network-policy', {
      prop: 'jobNetwork', reason: 'no network policy covers pods on the node\'s network, which kubernetesSettings.pod_spec asks for', remedy: 'leave hostNetwork out',
    });
  }
}
