import { runInNewContext } from 'vm';
import { Fn, Token, Tokenization } from 'cdktf';
import { armId, location, uuid } from '../../src/azure/private/rules';
import { contains, overlaps } from '../../src/private/cidr';
import { cidr } from '../../src/private/rules/addresses';
import { isPlainObject, list, listSetting, mapSetting } from '../../src/private/rules/collections';
import { required, Rule, Rules, takeProps } from '../../src/private/rules/rule';
import { integer, oneOf, text, trueOrFalse } from '../../src/private/rules/scalars';
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

describe('rules', () => {
  test('plain objects are plain in each realm', () => {
    const plain = [{}, { a: 1 }, Object.create(null), runInNewContext('({ a: 1 })'), structuredClone({ a: 1 })];
    expect(plain.map(isPlainObject)).toEqual(plain.map(() => true));
    const others = [[], new Map(), new (class Mine {})(), runInNewContext('[]'), runInNewContext('new Map()'), 'x', null, undefined, () => 1];
    expect(others.map(isPlainObject)).toEqual(others.map(() => false));
  });

  test('props are members, which a Map and a Promise have none of', () => {
    const rules: Rules<{ readonly name?: string }> = { name: text('a name') };
    class Props { get name() { return 'a'; } }
    expect([new Props(), { name: 'a' }, Object.create({ name: 'a' })].map((props) => takeProps('f()', 'props', props, rules).name)).toEqual(['a', 'a', 'a']);
    expect(takeProps('f()', 'props', new (class Empty {})(), rules)).toEqual({});
    for (const [props, shown] of [[new Map([['name', 'a']]), 'a Map'], [Promise.resolve({ name: 'a' }), 'a Promise'], [runInNewContext('new Set()'), 'a Set']]) {
      expect(() => takeProps('f()', 'props', props, rules)).toThrow(`props: not an object, got ${shown}; give an object with its props (at f())`);
    }
  });

  test('let expressions stand in an ARM id in place of a name, whatever is in them', () => {
    const id = VNET.replace('/0/', '/${data.azurerm_subscription.hub.subscription_id}/').replace(/v$/, '${var.hub ? "a b" : var.net}');
    expect(armId('Microsoft.Network/virtualNetworks').take(at('p'), id)).toBe(id);
  });

  test('let references pass, as cdktf\'s own', () => {
    for (const rule of [text('x', /^never$/), uuid(), location(), armId('A/b'), cidr(), oneOf(['a'])]) {
      expect(rule.take(at('p'), token)).toBe(token);
      expect(Tokenization.isResolvable(Token.asAny(rule.take(at('p'), Fn.timestamp() as unknown)))).toBe(true);
    }
    expect(Token.isUnresolved(integer(3, 4).take(at('p'), Fn.abs(1)))).toBe(true);
    expect(Token.isUnresolved(listSetting(cidr()).take(at('p'), Token.asList(Fn.timestamp())))).toBe(true);
  });

  test.each([
    [() => integer(1, 3).take(at('n'), 2.5), 'n: out of range, got 2.5; give a whole number from 1 to 3 (at Test)'],
    [() => integer(1, 3).take(at('n'), NaN), 'n: out of range, got NaN; give a whole number from 1 to 3 (at Test)'],
    [() => integer(1, 3).take(at('n'), '2'), 'n: not a number, got "2"; give a whole number from 1 to 3 (at Test)'],
    [() => text('an a', /^a$/).take(at('p'), 'B'), 'p: not a valid value, got "B"; give an a (at Test)'],
    [() => text('an a').take(at('p'), 1), 'p: not text, got 1; give an a (at Test)'],
    [() => text('an a').take(at('p'), 'a\0'), 'p: not a valid value, got "a\\u0000"; give an a (at Test)'],
    [() => trueOrFalse().take(at('p'), 'yes'), 'p: not true or false, got "yes"; give true or false (at Test)'],
    [() => trueOrFalse().take(at('p'), Token.asAny(Fn.timestamp())),
      'p: known only at apply time, got a reference; give true or false, known to the program: what is made depends on it (at Test)'],
    [() => oneOf(['a', 'b']).take(at('p'), 'c'), 'p: not supported, got "c"; give one of "a", "b" (at Test)'],
    [() => list(uuid(), { least: 1 }).take(at('p'), []),
      'p: empty, got []; give at least 1, each a UUID such as "00000000-0000-0000-0000-000000000000" (at Test)'],
    [() => list(text('an a')).take(at('p'), ['a', 'a']), 'p[1]: given twice, got "a"; name it once (at Test)'],
    [() => list(text('an a')).take(at('p'), ['a', null]), 'p[1]: missing, got nothing; give an a (at Test)'],
    [() => list(text('an a')).take(at('p'), 'a'), 'p: not a list, got "a"; give a list, each item an a (at Test)'],
    [() => uuid().take(at('p'), 'me'), 'p: not a valid value, got "me"; give a UUID such as "00000000-0000-0000-0000-000000000000" (at Test)'],
    [() => location().take(at('p'), 'Korea Central'),
      'p: not a valid value, got "Korea Central"; did you mean "koreacentral" (at Test)'],
    ...[['West Europe', 'westeurope'], ['US Gov Virginia', 'usgovvirginia'], ['East US 2', 'eastus2'], ['Germany West Central', 'germanywestcentral'], ['WestEurope', 'westeurope']]
      .map(([name, meant]): [() => unknown, string] => [() => location().take(at('p'), name), `p: not a valid value, got "${name}"; did you mean "${meant}" (at Test)`]),
    [() => location().take(at('p'), 'China North 3'), 'p: a region of a cloud that this library does not support, got "China North 3"; '
      + 'give one of the public cloud or of Azure Government, docs/governance.md tells why (at Test)'],
    [() => location().take(at('p'), 'here, there'), 'p: not a valid value, got "here, there"; give a region\'s short name such as "koreacentral" (az account list-locations -o table) (at Test)'],
    [() => armId('Microsoft.Network/virtualNetworks/subnets').take(at('p'), VNET),
      `p: not a valid value, got "${VNET}"; give the ARM id of a Microsoft.Network/virtualNetworks/subnets (at Test)`],
    ...['\n', ' ', '<name>', '?', '${'].map((wrong): [() => unknown, string] => [() => armId('Microsoft.Network/virtualNetworks').take(at('p'), VNET + wrong),
      `p: not a valid value, got ${JSON.stringify(VNET + wrong)}; give the ARM id of a Microsoft.Network/virtualNetworks (at Test)`]),
    [() => cidr().take(at('p'), '10.0.0.1'), 'p: not an IPv4 block, got "10.0.0.1"; did you mean "10.0.0.1/32" (at Test)'],
    [() => cidr().take(at('p'), '10.0.0.1/24'), 'p: not an IPv4 block, got "10.0.0.1/24"; the address has host bits set, did you mean "10.0.0.0/24" (at Test)'],
    [() => cidr().take(at('p'), '10.0.0.0/33'), 'p: not an IPv4 block, got "10.0.0.0/33"; give an IPv4 block such as "10.0.0.0/16" (at Test)'],
    [() => cidr().take(at('p'), '::1/64'), 'p: not an IPv4 block, got "::1/64"; give an IPv4 block such as "10.0.0.0/16" (at Test)'],
    [() => cidr(16, 28).take(at('p'), '10.0.0.0/8'), 'p: wrong size, got "10.0.0.0/8"; give a prefix length from /16 to /28 (at Test)'],
    [() => takeProps<{ a?: string; b: string }>(newStack(), 'props', { b: 'x', A: 'y' }, { a: text('an a'), b: required(text('a b')) }),
      'A: no such prop, got "y"; write a, or leave it out (at Test)'],
    [() => takeProps<{ b: string }>(newStack(), 'props', { b: 'x', vmsize: 'y' }, { b: required(text('a b')) }),
      'vmsize: no such prop, got "y"; leave it out (at Test)'],
    [() => takeProps<{ delaySeconds?: number; b: string }>(newStack(), 'props', { b: 'x', delay: '5s' }, { delaySeconds: integer(0, 9), b: required(text('a b')) }),
      'delay: no such prop, got "5s"; write delaySeconds, or leave it out (at Test)'],
    [() => takeProps<{ nodeLabels?: string; b: string }>(newStack(), 'props', { b: 'x', labels: 'y' }, { nodeLabels: text('a label'), b: required(text('a b')) }),
      'labels: no such prop, got "y"; write nodeLabels, or leave it out (at Test)'],
    [() => takeProps<{ variables?: string; b: string }>(newStack(), 'props', { b: 'x', bles: 'y' }, { variables: text('variables'), b: required(text('a b')) }),
      'bles: no such prop, got "y"; leave it out (at Test)'],
    [() => takeProps<{ maxSeconds?: number; maxMinutes?: number }>(newStack(), 'props', { max: 5 }, { maxSeconds: integer(0, 9), maxMinutes: integer(0, 9) }),
      'max: no such prop, got 5; leave it out (at Test)'],
    [() => takeProps<{ b: string }>(newStack(), 'props', {}, { b: required(text('a b')) }), 'b: missing, got nothing; give a b (at Test)'],
  ])('fails with the whole message %#', (check, message) => {
    expect(check).toThrow(new Error(message));
  });

  test('ARM ids match whatever case Azure returns them in', () => {
    expect(armId('Microsoft.Network/virtualNetworks').take(at('p'), VNET.toUpperCase())).toBe(VNET.toUpperCase());
  });

  test('a wrong type is a mistake of the user, never a crash', () => {
    const rules: Rule<unknown>[] = [cidr(), uuid(), integer(0, 1), oneOf(['a']), list(text('an a')), mapSetting(text('a name'), text('an a')), trueOrFalse()];
    fc.assert(fc.property(fc.anything(), fc.constantFrom(...rules), (value: any, rule) => {
      try {
        rule.take(at('p'), value);
      } catch (error) {
        expect(error).toBeInstanceOf(ValidationError);
      }
    }), { numRuns: 2500 });
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
