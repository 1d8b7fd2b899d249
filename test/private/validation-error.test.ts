import { ValidationError } from '../../src/private/validation-error';

const mistake = { prop: 'p', problem: 'odd', remedy: 'mend it' };
const HEADER = 'ValidationError: p: odd, got nothing; mend it (at X.of)';

function deep(levels: number): ValidationError {
  return levels > 0 ? deep(levels - 1) : new ValidationError('X.of', mistake);
}

afterEach(() => {
  Error.stackTraceLimit = 10;
});

test('the stack is as long as the user wants it', () => {
  Error.stackTraceLimit = 3;
  expect(deep(20).stack!.split('\n').length).toBe(4);
  expect(Error.stackTraceLimit).toBe(3);
  Error.stackTraceLimit = 0;
  expect(deep(20).stack).toBe(HEADER);
});

test('an error of another copy is known', () => {
  jest.resetModules();
  const other = jest.requireActual('../../src/private/validation-error').ValidationError;
  expect(other).not.toBe(ValidationError);
  expect(ValidationError.is(new other('X.of', mistake))).toBe(true);
  expect([new Error('p'), null, 'p', {}].filter(ValidationError.is)).toEqual([]);
});

test('a long value is shortened, one that cannot be shown is named', () => {
  const got = (value: unknown) => new ValidationError('X.of', { ...mistake, got: value }).message.slice('p: odd, got '.length, -'; mend it (at X.of)'.length);
  expect(got('x'.repeat(501))).toBe(`"${'x'.repeat(499)}… (503 characters)`);
  expect(got('x'.repeat(498))).toBe(`"${'x'.repeat(498)}"`);
  const circle: any = {};
  circle.circle = circle;
  expect(got(circle)).toBe('an object');
  expect(got(1n)).toBe('a bigint');
});
