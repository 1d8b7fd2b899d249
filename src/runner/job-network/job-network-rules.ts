import { MACHINE_SERVICES, PRIVATE_BLOCKS } from './job-network-policy';
import { contains, overlaps } from '../../private/cidr';
import { cidr } from '../../private/rules/addresses';
import { also, Rule } from '../../private/rules/rule';
import { ValidationError } from '../../private/validation-error';

/** A block that jobs may reach: none of the services of Azure's machines. */
export function reachableCidr(): Rule<string> {
  return also(cidr(), (subject, block) => {
    if (MACHINE_SERVICES.some((service) => contains(service, block))) {
      throw new ValidationError(subject.where, {
        prop: subject.prop, problem: 'an Azure service that treats every caller as the node', got: block, remedy: 'leave it out, or use JobNetwork.open()',
      });
    }
  });
}

/** A block that jobs may reach beside the Internet. */
export function privateCidr(): Rule<string> {
  return also(reachableCidr(), (subject, block) => {
    if (!PRIVATE_BLOCKS.some((outer) => overlaps(outer, block))) {
      throw new ValidationError(subject.where, {
        prop: subject.prop, problem: 'public, and reachable already with the rest of the Internet', got: block, remedy: 'leave it out',
      });
    }
  });
}
