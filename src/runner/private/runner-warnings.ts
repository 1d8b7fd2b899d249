import { secretsIn } from './environment-secrets';
import { beyondBaseline } from './pod-security';
import { amount } from './prop-checks';
import { Settings } from './settings-checks';
import { TokenSource } from './token-source';
import { RunnerSeccompProfile } from '../job-pods';
import { RunnerOptions } from '../runner-options';
import { RunnerToken } from '../runner-token';

/** What has a warning of its own here. */
const WARNED = ['privileged', 'volumes', 'pod_security_context'];

const HELPER_BYTES = 250 * 2 ** 20;

/** What a runner's props allow that may be meant, but should be known. */
export function runnerWarnings(options: RunnerOptions & { readonly token: RunnerToken }, settings: Settings): string[] {
  const warnings = tokenWarnings(options.token._source);
  if (options.privileged) {
    warnings.push('privileged: every job owns the node it runs on, and with it the other jobs there; keep such jobs on a pool of their own');
  }
  if (options.podSecurityContext?.seccompProfile === RunnerSeccompProfile.UNCONFINED) {
    warnings.push('podSecurityContext.seccompProfile: jobs may make all system calls');
  }
  if (settings.volumes?.host_path) {
    warnings.push('volumes: jobs can reach folders of the node, and through some of them the node itself');
  }
  if ((amount(settings.helper_memory_limit) ?? Infinity) < HELPER_BYTES) {
    warnings.push('helperResources.memoryLimit: cache and artifacts need at least 250Mi');
  }
  if (settings.namespace_per_job) {
    warnings.push('kubernetesSettings.namespace_per_job: the manager gets its rights in all namespaces of the cluster');
  }
  for (const key of beyondBaseline(settings).filter((candidate) => !WARNED.includes(candidate))) {
    const prop = key === 'pod_annotations' ? 'podAnnotations' : `kubernetesSettings.${key}`;
    warnings.push(`${prop}: makes the jobs' namespace take any pod, since Pod Security's level baseline refuses it; keep such jobs to a manager and nodes of their own`);
  }
  for (const name of secretsIn(options.environment)) {
    warnings.push(`environment.${name}: looks like a secret, and stands readable in a ConfigMap and in Terraform's state; make it a masked variable in GitLab`);
  }
  return warnings;
}

function tokenWarnings(source: TokenSource): string[] {
  switch (source.kind) {
    case 'variable':
      return ['token: the value of the Terraform variable lands in the state, in Helm\'s records and in a Kubernetes Secret'];
    case 'registration':
      return [
        'token: registration tokens are switched off by default since GitLab 17.0 and go in 20.0; create the runner in GitLab and give its token',
        ...tokenWarnings(source.token),
      ];
    default:
      return [];
  }
}
