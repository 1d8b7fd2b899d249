import { App } from 'cdk8s';
import { parse } from 'smol-toml';
import { amount } from '../../../src/kubernetes/private/quantity';
import { GitLabRunnerChart, GitLabRunnerChartProps, RunnerToken, RunnerVolume } from '../../../src/runner';
import * as fc from '../../fast-check';

function newChart(props: Partial<GitLabRunnerChartProps>): GitLabRunnerChart {
  return new GitLabRunnerChart(new App(), 'ci', { gitlabUrl: 'https://gitlab.example.com', token: RunnerToken.kubernetesSecret('ci-token'), ...props });
}

function settings(props: Partial<GitLabRunnerChartProps>): any {
  const { data } = newChart(props).toJson().find(({ kind }) => kind === 'ConfigMap');
  return (parse(data['config.template.toml']) as any).runners[0].kubernetes;
}

const CONTAINERS = [['', 'buildResources'], ['helper_', 'helperResources'], ['service_', 'serviceResources']] as const;
const KINDS = [['cpu', 'cpu'], ['memory', 'memory'], ['ephemeralStorage', 'ephemeral_storage']] as const;

describe.each(CONTAINERS.flatMap(([prefix, prop]) => KINDS.map(([kind, key]) => [prop, kind, `${prefix}${key}`] as const)))('%s, %s', (prop, kind, key) => {
  const [some, one, four, more, small, large] = kind === 'cpu' ? ['64', '1', '4', '30', '1m', '900'] : ['64Gi', '1Gi', '4Gi', '30Gi', '2Mi', '900Gi'];
  test('has no limit where "" or "0" says so, and no request where "" does', () => {
    for (const none of ['', '0', '0Gi', '0.0']) {
      expect(settings({ [prop]: { [`${kind}Limit`]: none } })).not.toHaveProperty(`${key}_limit`);
      expect(settings({ [prop]: { [`${kind}Limit`]: none, [`${kind}Request`]: some } })).toMatchObject({ [`${key}_request`]: some });
    }
    expect(settings({ [prop]: { [`${kind}Request`]: '' } })).not.toHaveProperty(`${key}_request`);
    expect(settings({ [prop]: { [`${kind}Request`]: '0' } })).toMatchObject({ [`${key}_request`]: '0' });
  });

  test('has room for what a job may ask for', () => {
    const asking = { [`${key}_request_overwrite_max_allowed`]: large };
    expect(settings({ kubernetesSettings: asking })).toMatchObject({ ...asking, ...kind === 'cpu' ? {} : { [`${key}_limit`]: large } });
    expect(settings({ kubernetesSettings: { [`${key}_request_overwrite_max_allowed`]: small } })[`${key}_limit`]).toBe(settings({})[`${key}_limit`]);
    expect(settings({ kubernetesSettings: { [`${key}_limit_overwrite_max_allowed`]: small } })[`${key}_request`]).toBe(small);
    expect(settings({ kubernetesSettings: { [`${key}_limit_overwrite_max_allowed`]: '' } })[`${key}_request`]).toBe(settings({})[`${key}_request`]);
    const none = { [prop]: { [`${kind}Limit`]: '' } };
    expect(settings({ ...none, kubernetesSettings: asking })).not.toHaveProperty(`${key}_limit`);
  });

  test('fails where a job may ask for what its pod is then refused for', () => {
    const limit = { [prop]: { [`${kind}Request`]: one, [`${kind}Limit`]: four } };
    expect(() => newChart({ ...limit, kubernetesSettings: { [`${key}_request_overwrite_max_allowed`]: more } })).toThrow(
      `kubernetesSettings.${key}_request_overwrite_max_allowed: more than the limit that a job can have, ${prop}.${kind}Limit "${four}", got "${more}"; `
      + 'lower it, raise the limit, or set that to "" for none (at ci)');
    const both = { [`${key}_request_overwrite_max_allowed`]: more, [`${key}_limit_overwrite_max_allowed`]: more };
    expect(settings({ ...limit, kubernetesSettings: both })).toMatchObject({ ...both, [`${key}_limit`]: four });
    expect(() => newChart({ ...limit, kubernetesSettings: { [`${key}_limit_overwrite_max_allowed`]: small } })).toThrow(
      `kubernetesSettings.${key}_limit_overwrite_max_allowed: less than what a job always asks for, ${prop}.${kind}Request "${one}", got "${small}"; `
      + 'raise it or lower the request (at ci)');
  });
});

test('a unit that nobody means is refused: CPU in bytes or by thousands, memory and storage below a mebibyte', () => {
  for (const [kind, key] of KINDS) {
    for (const wrong of kind === 'cpu' ? ['2Gi', '500M', '4000', '1e6'] : ['512', '512m', '1e3', '64Ki']) {
      const words = kind === 'cpu' ? /\w+: (a unit of memory, and this is CPU|more cores than any node has), got "\w+"; give cores or thousandths of them such as "2" or "500m"/
        : /\w+: less than a mebibyte, got "\w+"; give a quantity such as "500Mi" or "2Gi"/;
      expect(() => newChart({ buildResources: { [`${kind}Limit`]: wrong } })).toThrow(words);
      expect(() => newChart({ managerResources: { [`${kind}Request`]: wrong } })).toThrow(words);
      expect(() => newChart({ kubernetesSettings: { [`helper_${key}_limit_overwrite_max_allowed`]: wrong } })).toThrow(words);
    }
  }
  expect(() => RunnerVolume.memory('ram', '/ram', '512m')).toThrow('sizeLimit: less than a mebibyte, got "512m"; give a positive quantity such as "500Mi" or "2Gi" (at RunnerVolume.memory)');
});

test('whatever is taken, no pod and no overwrite by itself asks for more than its limit', () => {
  const quantity = fc.oneof(fc.constant(undefined), fc.constantFrom('', '0', '1m', '500m', '2', '1Gi', '6Gi', '40Gi', '1e3', '.5'));
  const ask = fc.constantFrom(...CONTAINERS.flatMap((container) => KINDS.map((kind) => [container, kind] as const)));
  fc.assert(fc.property(ask, quantity, quantity, quantity, ([[prefix, prop], [kind, key]], request, limit, most) => {
    let written: any;
    try {
      written = settings({
        [prop]: { [`${kind}Request`]: request, [`${kind}Limit`]: limit }, kubernetesSettings: { [`${prefix}${key}_request_overwrite_max_allowed`]: most },
      });
    } catch (error) {
      expect((error as Error).message).toMatch(/more than|less than a mebibyte|a unit of memory|more cores/);
      return;
    }
    const ceiling = amount(written[`${prefix}${key}_limit`]) ?? Infinity;
    expect(ceiling).toBeGreaterThan(0);
    expect(amount(written[`${prefix}${key}_request`]) ?? 0).toBeLessThanOrEqual(ceiling);
    expect(amount(most) ?? 0).toBeLessThanOrEqual(ceiling);
  }));
});

describe('resources of the whole pod', () => {
  test('take the place of the containers\' defaults', () => {
    const written = settings({ kubernetesSettings: { pod_memory_limit: '2Gi', pod_memory_request: '1Gi' } });
    expect(Object.keys(written).filter((key) => /memory/.test(key)).sort()).toEqual(['pod_memory_limit', 'pod_memory_request']);
    expect(written).toMatchObject({ cpu_request: '500m', ephemeral_storage_limit: '20Gi' });
    expect(settings({ kubernetesSettings: { pod_cpu_limit_overwrite_max_allowed: '8' } })).not.toHaveProperty('cpu_request');
    expect(settings({ kubernetesSettings: { pod_memory_limit: '2Gi' }, buildResources: { memoryRequest: '1Gi' } })).toMatchObject({ memory_request: '1Gi' });
  });

  test.each<[string, Partial<GitLabRunnerChartProps>, string]>([
    ['its request is more than its limit', { kubernetesSettings: { pod_cpu_request: '2', pod_cpu_limit: '1' } },
      'kubernetesSettings.pod_cpu_request: more than pod_cpu_limit "1", got "2"; lower it or raise the limit (at ci)'],
    ['a container may have more', { kubernetesSettings: { pod_memory_limit: '1Gi' }, serviceResources: { memoryLimit: '2Gi' } },
      'serviceResources.memoryLimit: more than the pod\'s limit, pod_memory_limit "1Gi", got "2Gi"; lower it or raise that (at ci)'],
    ['the containers ask for more together', { kubernetesSettings: { pod_cpu_request: '1' }, buildResources: { cpuRequest: '900m' }, helperResources: { cpuRequest: '200m' } },
      'kubernetesSettings.pod_cpu_request: less than the requests of build and helper together, got "1"; raise it or lower these (at ci)'],
  ])('fail where %s', (_name, props, message) => {
    expect(() => newChart(props)).toThrow(new Error(message));
  });
});
