import { Fn, Token } from 'cdktf';
import { known } from '../../private/rules/subject';

/** A segment of an ARM id: the subscription is 2, the resource group 4, a resource's name 8. */
export function armIdPart(id: string, index: number): string {
  return known(id) ? id.split('/')[index] : Token.asString(Fn.element(Fn.split('/', id), index));
}
