import { runInNewContext } from 'vm';
import { Fn, Token } from 'cdktf';
import { checkArmId, checkCidr, checkInteger, checkLocation, checkNotEmpty, checkOneOf, checkPattern, checkUuid, isPlainObject } from '../../src/private/checks';
import { contains, overlaps } from '../../src/private/cidr';
import { ValidationError } from '../../src/private/validation-error';
import * as fc from '../fast-check';
import { newStack } from '../synth';

const at = (prop: string) => ({ where: newStack(), prop });
const token = Token.asString(Fn.timestamp());
const VNET = '/subscriptions/0/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/v';

describe('the message', () => {
  test('tells prop, problem, value, remedy and construct path', () => {
    expect(new ValidationError(newStack('Prod'), { prop: 'vmSize', problem: 'too small', got: { cpus: 1 }, remedy: 'give more' }).message)
      .toBe('vmSize: too small, got {"cpus":1}; give more (at Prod)');
  });

  test('says nothing where nothing was given, and copes with what JSON cannot show', () => {
    expect(new ValidationError('X.of', { prop: 'a', problem: 'missing', remedy: 'give it' }).message).toBe('a: missing, got nothing; give it (at X.of)');
    expect(new ValidationError('X.of', { prop: 'a', problem: 'odd', got: Symbol('s'), remedy: 'no' }).message).toBe('a: odd, got Symbol(s); no (at X.of)');
  });
});

describe('checks', () => {
  test('plain objects are plain in each realm', () => {
    const plain = [{}, { a: 1 }, Object.create(null), runInNewContext('({ a: 1 })'), structuredClone({ a: 1 })];
    expect(plain.map(isPlainObject)).toEqual(plain.map(() => true));
    const others = [[], new Map(), new (class Mine {})(), runInNewContext('[]'), runInNewContext('new Map()'), 'x', null, undefined, () => 1];
    expect(others.map(isPlainObject)).toEqual(others.map(() => false));
  });

  test('let unknown values and nothing pass', () => {
    for (const value of [token, undefined]) {
      expect(() => {
        checkPattern(at('p'), value, /^never$/, 'x');
        checkUuid(at('p'), value);
        checkLocation(at('p'), value);
        checkArmId(at('p'), value, 'A/b');
        checkCidr(at('p'), value);
        checkNotEmpty(at('p'), value, 'x');
        checkOneOf(at('p'), value, ['a']);
        checkInteger(at('p'), value === undefined ? undefined : Token.asNumber(Fn.abs(1)), 3, 4);
      }).not.toThrow();
    }
  });

  test.each([
    [() => checkInteger(at('n'), 2.5, 1, 3), 'n: out of range, got 2.5; give a whole number from 1 to 3 (at Test)'],
    [() => checkInteger(at('n'), NaN, 1, 3), 'n: out of range, got NaN; give a whole number from 1 to 3 (at Test)'],
    [() => checkPattern(at('p'), 'B', /^a$/, 'an a'), 'p: not a valid value, got "B"; give an a (at Test)'],
    [() => checkOneOf(at('p'), 'c', ['a', 'b']), 'p: not supported, got "c"; give one of "a", "b" (at Test)'],
    [() => checkNotEmpty(at('p'), [], 'give one'), 'p: empty, got []; give one (at Test)'],
    [() => checkUuid(at('p'), 'me'), 'p: not a valid value, got "me"; give a UUID such as "00000000-0000-0000-0000-000000000000" (at Test)'],
    [() => checkLocation(at('p'), 'Korea Central'),
      'p: not a valid value, got "Korea Central"; give a region\'s short name such as "koreacentral" (az account list-locations -o table) (at Test)'],
    [() => checkArmId(at('p'), VNET, 'Microsoft.Network/virtualNetworks/subnets'),
      `p: not a valid value, got "${VNET}"; give the ARM id of a Microsoft.Network/virtualNetworks/subnets (at Test)`],
    [() => checkCidr(at('p'), '10.0.0.1'), 'p: not an IPv4 block, got "10.0.0.1"; did you mean "10.0.0.1/32" (at Test)'],
    [() => checkCidr(at('p'), '10.0.0.1/24'), 'p: not an IPv4 block, got "10.0.0.1/24"; the address has host bits set, did you mean "10.0.0.0/24" (at Test)'],
    [() => checkCidr(at('p'), '10.0.0.0/33'), 'p: not an IPv4 block, got "10.0.0.0/33"; give an IPv4 block such as "10.0.0.0/16" (at Test)'],
    [() => checkCidr(at('p'), '::1/64'), 'p: not an IPv4 block, got "::1/64"; give an IPv4 block such as "10.0.0.0/16" (at Test)'],
    [() => checkCidr(at('p'), '10.0.0.0/8', 16, 28), 'p: wrong size, got "10.0.0.0/8"; give a prefix length from /16 to /28 (at Test)'],
  ])('fails with the whole message %#', (check, message) => {
    expect(check).toThrow(new Error(message));
  });

  test('ARM ids match whatever case Azure returns them in', () => {
    expect(() => checkArmId(at('p'), VNET.toUpperCase(), 'Microsoft.Network/virtualNetworks')).not.toThrow();
  });

  test('a wrong type is a mistake of the user, never a crash', () => {
    fc.assert(fc.property(fc.anything(), (value: any) => {
      for (const check of [() => checkCidr(at('p'), value), () => checkUuid(at('p'), value), () => checkInteger(at('p'), value, 0, 1),
        () => checkOneOf(at('p'), value, ['a']), () => checkNotEmpty(at('p'), value, 'x')]) {
        try {
          check();
        } catch (error) {
          expect(error).toBeInstanceOf(ValidationError);
        }
      }
    }), { numRuns: 500 });
  });
});

describe('blocks', () => {
  test.each([
    ['10.0.0.0/8', '10.1.0.0/16', true, true],
    ['10.1.0.0/16', '10.0.0.0/8', false, true],
    ['10.0.0.0/24', '10.0.1.0/24', false, false],
    ['0.0.0.0/0', '255.255.255.255/32', true, true],
    ['128.0.0.0/1', '192.168.0.0/16', true, true],
  ])('%s and %s', (outer, inner, inside, shared) => {
    expect(contains(outer, inner)).toBe(inside);
    expect(overlaps(outer, inner)).toBe(shared);
    expect(overlaps(inner, outer)).toBe(shared);
  });

  test('unknown ones raise no alarm', () => {
    expect(contains('10.0.0.0/8', token)).toBe(true);
    expect(overlaps(token, '10.0.0.0/8')).toBe(false);
  });
});
