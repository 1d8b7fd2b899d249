import { instanceOf } from '../../private/rules/objects';
import { Rule } from '../../private/rules/rule';
import { PrivateEndpoints } from '../private-endpoints';

export function privateEndpoints(): Rule<PrivateEndpoints> {
  return instanceOf(PrivateEndpoints, 'PrivateEndpoints.dnsByPolicy() or PrivateEndpoints.dnsZones()');
}
