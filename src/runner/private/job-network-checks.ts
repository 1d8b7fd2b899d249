import { IConstruct } from 'constructs';
import { gitlabIpAddress, JobNetworkPlan, MACHINE_SERVICES, PRIVATE_BLOCKS } from './job-network-policy';
import { checkNoToken } from './prop-checks';
import { Settings } from './settings-checks';
import { checkGiven, checkList, checkNotEmpty, known, Subject } from '../../private/checks';
import { checkCidr, contains, overlaps } from '../../private/cidr';
import { ValidationError } from '../../private/validation-error';

/** Names that no public server has: a single word, and the domains that are set aside or taken for networks of one's own. */
const PRIVATE_NAME = /^https?:\/\/([a-z0-9-]+|[a-z0-9.-]+\.(?:internal|local|lan|corp|intranet|private|home\.arpa))(?=[:/]|$)/i;

/** Blocks that jobs may reach: at least one, none of them a service of Azure's machines. */
export function checkBlocks(subject: Subject, cidrs: string[], remedy: string): void {
  checkGiven(subject, cidrs);
  checkEach(subject, cidrs, () => undefined);
  checkNotEmpty(subject, cidrs, remedy);
}

/** Private blocks that jobs may reach beside the Internet. */
export function checkPrivateBlocks(subject: Subject, cidrs: string[]): void {
  checkEach(subject, cidrs, (of, cidr) => {
    if (!PRIVATE_BLOCKS.some((block) => overlaps(block, cidr))) {
      throw new ValidationError(of.where, { prop: of.prop, problem: 'public, and open with all of the Internet', got: cidr, remedy: 'leave it out' });
    }
  });
}

function checkEach(subject: Subject, cidrs: string[], check: (of: Subject, cidr: string) => void): void {
  checkNoToken(subject, cidrs);
  checkList(subject, cidrs, (of, cidr) => {
    if (!known(cidr)) {
      return;
    }
    checkCidr(of, cidr);
    if (MACHINE_SERVICES.some((service) => contains(service, cidr))) {
      throw new ValidationError(of.where, {
        prop: of.prop, problem: 'a service of Azure\'s that takes every caller for the node', got: cidr, remedy: 'leave it out, or use JobNetwork.open()',
      });
    }
    check(of, cidr);
  });
}

/** Jobs that reach nothing but GitLab would reach nothing where its address is not known. */
export function checkGitLabIsKnown(where: IConstruct | string, plan: JobNetworkPlan, gitlabUrl: string): void {
  if (plan.kind === 'listed' && plan.cidrs.length === 0 && gitlabIpAddress(plan, gitlabUrl) === undefined) {
    throw new ValidationError(where, {
      prop: 'jobNetwork', problem: `a network policy knows addresses only, and that of ${gitlabUrl} is not known`, got: 'JobNetwork.closed()',
      remedy: 'use JobNetwork.listed() with GitLab\'s address',
    });
  }
}

/** What the network of all jobs allows, or may lack. */
export function networkWarnings(plan: JobNetworkPlan, gitlabUrl: string): string[] {
  if (plan.kind === 'open') {
    return ['jobNetwork: every job can take the identity of its node at 169.254.169.254 and reach other jobs; use JobNetwork.internet() or listed()'];
  }
  const name = PRIVATE_NAME.exec(gitlabUrl)?.[1];
  return name !== undefined && plan.kind === 'internet' && plan.cidrs.length === 0
    ? [`jobNetwork: jobs reach public addresses only, and ${name} looks like the name of a private one; give its address to JobNetwork.internet()`] : [];
}

/** What takes the jobs of a runner out of the reach of their network's policy. */
export function jobNetworkWarnings(plan: JobNetworkPlan, settings: Settings): string[] {
  if (plan.kind === 'open') {
    return [];
  }
  const others = ['namespace_per_job', 'namespace_overwrite_allowed'].filter((key) => settings[key]);
  const patches: { patch?: unknown }[] = Array.isArray(settings.pod_spec) ? settings.pod_spec : [];
  return [
    ...others.map((key) => `jobNetwork: no policy holds in the namespaces that kubernetesSettings.${key} brings about; leave it out, or give these jobs a cluster of their own`),
    ...patches.some(({ patch }) => /hostNetwork\W+(value\W+)?true/.test(String(patch)))
      ? ['jobNetwork: no policy holds for pods in the node\'s network, which kubernetesSettings.pod_spec asks for; leave hostNetwork out'] : [],
  ];
}
