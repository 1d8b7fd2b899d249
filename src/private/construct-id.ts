import { Construct } from 'constructs';
import { className } from './own-class';
import { shown } from './rules/objects';
import { ValidationError } from './validation-error';

/** The id of a construct that is about to be made: the constructs library takes anything for a scope and an id, and fails somewhere inside. */
export function constructId(type: Function, scope: unknown, id: string): string {
  // what is in no scope is told by whoever needs one.
  if (scope === undefined) {
    return id;
  }
  const refuse = (prop: string, problem: string, got: unknown, remedy: string) =>
    new ValidationError(className(type), { prop, problem, got: shown(got), remedy });
  if (!Construct.isConstruct(scope)) {
    throw refuse('scope', 'not a construct', scope, 'give a TerraformStack or a construct in one, and an id after it');
  }
  if (typeof id !== 'string' || id === '') {
    throw refuse('id', 'not a name', id, 'give text that nothing else in the scope has as its id, such as "Main"');
  }
  return id;
}
