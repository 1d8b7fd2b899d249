import { GitLabApplicationNodes } from './gitlab-application-nodes';
import { vmSize, zone } from '../../azure/private/rules';
import { list } from '../../private/rules/collections';
import { required, Rules } from '../../private/rules/rule';
import { decided, integer } from '../../private/rules/scalars';

export const APPLICATION_NODES: Rules<GitLabApplicationNodes> = {
  // how many machines are made.
  count: required(decided(integer(0, 10))),
  vmSize: vmSize(),
  zones: list(zone(), { least: 1 }),
  osDiskSizeGb: integer(30, 4095),
};

/** Application nodes with every gap filled. */
export type ApplicationNodesPlan = ReturnType<typeof applicationNodesPlan>;

export function applicationNodesPlan(options: GitLabApplicationNodes, serverZone: string | undefined) {
  const { zones = serverZone === undefined ? [] : [serverZone] } = options;
  return {
    count: options.count,
    vmSize: options.vmSize ?? 'Standard_D8ls_v5',
    osDiskSizeGb: options.osDiskSizeGb ?? 64,
    /** The zone of a node, counted from 1. */
    zoneOf: (index: number): string | undefined => zones[(index - 1) % Math.max(zones.length, 1)],
  };
}
