import { WRONG } from './law';
import { FACTORIES } from './structs';
import * as api from '../../src';

/** Those that take a secret: whatever is no reference may be its text, and is not shown. */
const OF_SECRETS = ['AlertReceiver.webhook', 'KubernetesSignIn.token'];

describe.each(FACTORIES.map(({ type, method, first }) => [`${type}.${method}`, type, method, first] as const))('%s', (factory, type, method, { name, optional, kind }) => {
  const outcome = (value: unknown) => {
    try {
      return JSON.stringify((api as any)[type][method](value));
    } catch (error) {
      return (error as Error).message;
    }
  };

  test('nothing is nothing, whatever it is written as', () => {
    expect(outcome(null)).toBe(outcome(undefined));
    if (!optional) {
      // of an object with props, the first that it needs is missing, as in those of constructs.
      expect(outcome(undefined)).toMatch(new RegExp(`^${kind === 'struct' ? '\\w+' : name}: missing, got nothing; (give|pass) [^\\n]+ \\(at ${factory}\\)$`));
    }
  });

  test('another kind of value is refused in the same words everywhere', () => {
    const [value, problem] = WRONG[kind];
    const words = OF_SECRETS.includes(factory) ? 'literal text would be written into the configuration, got "\\(hidden\\)"' : `${problem}[^,]*, got [^;]+`;
    expect(outcome(value)).toMatch(new RegExp(`^${name}: ${words}; [^\\n]+ \\(at ${factory}\\)$`));
  });
});

test('there are factories', () => {
  expect(FACTORIES.length).toBeGreaterThan(40);
});
