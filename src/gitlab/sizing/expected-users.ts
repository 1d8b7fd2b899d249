import { Construct } from 'constructs';
import { parseVmSize } from '../../azure/machine/vm-size';
import { known } from '../../private/rules/subject';
import { warn } from '../../warnings/private/warn';

/**
 * What one machine needs for how many users. The last row is GitLab's own baseline; the first is what it asks for where memory is scarce,
 * and the second lies between, as GitLab's requirements did until they named only one size.
 *
 * @see https://docs.gitlab.com/install/requirements/
 */
const SIZES = [
  { users: 20, vcpus: 2, memoryGb: 8, example: 'Standard_D2s_v5' },
  { users: 500, vcpus: 4, memoryGb: 16, example: 'Standard_D4s_v5' },
  { users: 1000, vcpus: 8, memoryGb: 16, example: 'Standard_D8s_v5' },
];

/** As many as GitLab's smallest architecture of several machines has. */
const USERS_WITH_NODES = 2000;

/** Warns of a size that is too small for as many users, or of more of them than one machine, or one with application nodes, serves. */
export function warnOfUsers(scope: Construct, users: number | undefined, vmSize: string, nodes: number): void {
  const size = known(vmSize) ? parseVmSize(vmSize) : undefined;
  if (users === undefined || !known(users)) {
    return;
  }
  const needed = SIZES.find((row) => users <= row.users) ?? SIZES[SIZES.length - 1];
  if (size && (size.vcpus < needed.vcpus || (size.memoryGb ?? needed.memoryGb) < needed.memoryGb)) {
    warn(scope, 'vm-size-too-small', {
      prop: 'vmSize',
      reason: `${users} users need ${needed.vcpus} vCPUs and ${needed.memoryGb} GiB of memory, and ${vmSize} has ${size.vcpus}`
        + `${size.memoryGb === undefined ? '' : ` and ${size.memoryGb}`}`,
      remedy: `choose one such as "${needed.example}"`,
    });
  }
  if (nodes > 0 ? users > USERS_WITH_NODES : users > needed.users) {
    warn(scope, 'too-many-users', {
      prop: 'expectedUsers',
      reason: nodes > 0 ? `application nodes are for up to ${USERS_WITH_NODES} users, and GitLab recommends other architectures for more`
        : `GitLab recommends several machines for more than ${needed.users} users, and this is one`,
      remedy: nodes === 0 && users <= USERS_WITH_NODES ? 'set applicationNodes, or measure before you rely on one machine'
        : 'see GitLab\'s reference architectures, and measure before you rely on this one',
    });
  }
}
