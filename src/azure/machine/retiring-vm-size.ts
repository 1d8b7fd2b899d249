import { IConstruct } from 'constructs';
import { retirementOf } from './vm-retirement';
import { parseVmSize } from './vm-size';
import { known } from '../../private/rules/subject';
import { warn } from '../../warnings/private/warn';

/** Warns of a VM size that Azure takes out of service; a reference is not looked into. */
export function warnOfRetiringVmSize(where: IConstruct, prop: string, vmSize: string): void {
  const size = known(vmSize) ? parseVmSize(vmSize) : undefined;
  const retirement = size && retirementOf(size);
  if (retirement) {
    warn(where, 'retiring-vm-size', {
      prop,
      reason: `Azure retires ${vmSize} on ${retirement.date} and closes it to new subscriptions before`,
      remedy: `choose one such as "${retirement.successor}"`,
    });
  }
}
