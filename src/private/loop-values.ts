import { IResolvable, Token, Tokenization } from 'cdktf';
import { Subject } from './rules/subject';
import { ValidationError } from './validation-error';

/** What cdktf's references of loops are made of: the expression, or a hint at it. */
const LOOP = /^(each\.(key|value)\b|count\.index$|<iterator (key|value)>$)/;

const DEEPEST = 8;

export const LOOP_PROBLEM = 'a value of for_each or count, which only a resource with that argument knows';
export const LOOP_REMEDY = 'make one construct for each in a loop of your program, with values that it knows';

/** Refuses what only a loop of Terraform's knows, such as `iterator.value`: no construct is one, so that Terraform would refuse the plan. */
export function refuseLoopValue({ where, prop }: Subject, value: unknown): void {
  const found = membersOf(value).find(isLoopValue);
  if (found !== undefined) {
    throw new ValidationError(where, { prop, problem: LOOP_PROBLEM, got: Token.asAny(found), remedy: LOOP_REMEDY });
  }
}

/** Looks at what a reference is made of, without resolving it: some cannot be asked yet. */
export function isLoopValue(value: unknown): boolean {
  return Token.isUnresolved(value) && holdsLoop(value, DEEPEST);
}

function holdsLoop(value: unknown, depth: number): boolean {
  return typeof value === 'string' && LOOP.test(value) || (depth > 0 && Token.isUnresolved(value) && partsOf(value).some((part) => holdsLoop(part, depth - 1)));
}

function partsOf(value: unknown): unknown[] {
  return Tokenization.isResolvable(value) ? Object.values(value as IResolvable).flatMap(membersOf) : Tokenization.reverse(value);
}

function membersOf(part: unknown): unknown[] {
  return Array.isArray(part) ? part : isPlain(part) ? Object.values(part) : [part];
}

function isPlain(value: unknown): value is { readonly [name: string]: unknown } {
  return typeof value === 'object' && value !== null && !Token.isUnresolved(value) && Object.getPrototypeOf(value) === Object.prototype;
}
