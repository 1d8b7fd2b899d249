import { taint } from '../../kubernetes/private/rules';
import { list, listSetting } from '../../private/rules/collections';
import { also, Rule } from '../../private/rules/rule';
import { decided } from '../../private/rules/scalars';
import { known, refusal, Subject } from '../../private/rules/subject';

/** Keeps pods without a need for GPUs off the nodes that have them, as Microsoft's pages do. */
export const GPU_TAINT = 'sku=gpu:NoSchedule';
/** What AKS taints Spot nodes with. */
export const SPOT_TAINT = 'kubernetes.azure.com/scalesetpriority=spot:NoSchedule';

/** Taints of a pool that is made. */
export function nodeTaints(): Rule<string[]> {
  return also(listSetting(also(nodeTaint(), refuseReserved)), (subject, taints) => refuseTwins(subject, taints));
}

/** Taints of a pool that exists, which jobs are made to tolerate. */
export function knownNodeTaints(): Rule<string[]> {
  return also(list(decided(nodeTaint())), (subject, taints) => refuseTwins(subject, taints));
}

/** A node whose taints have one key and one effect twice never joins the cluster. */
export function refuseTwins({ where, prop }: Subject, taints: readonly string[], own: readonly string[] = []): void {
  const seen = new Map<string, string>(own.map((one) => [place(one), one]));
  taints.forEach((one, index) => {
    const other = known(one) ? seen.get(place(one)) : undefined;
    if (other !== undefined && other !== one) {
      throw refusal({ where, prop: `${prop}[${index}]` }, `has the key and the effect of "${other}"`, one, 'give one of the two, or another key');
    }
    if (known(one)) {
      seen.set(place(one), one);
    }
  });
}

function place(one: string): string {
  return one.replace(/=[^:]*/, '');
}

/** AKS takes no taint without a value. */
function nodeTaint(): Rule<string> {
  return also(taint(), (subject, value) => {
    if (!value.includes('=')) {
      throw refusal(subject, 'a taint without a value', value, 'write it as "key=value:NoSchedule"');
    }
  });
}

/** @see https://learn.microsoft.com/azure/aks/use-node-taints */
function refuseReserved(subject: Subject, one: string): void {
  if (one.startsWith('kubernetes.azure.com/') && one !== SPOT_TAINT) {
    throw refusal(subject, 'AKS reserves taints of this prefix', one, 'use a prefix of your own');
  }
}
