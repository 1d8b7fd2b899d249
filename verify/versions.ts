import { readFileSync } from 'fs';
import { join } from 'path';
import { Outcome } from './outcome';
import { Platform } from './platform';
import { Versions } from './report';

/** With what the claims were tried; what does not answer any more is unknown. */
export async function versionsOf(platform: Platform, azVersion: string, outcomes: readonly Outcome[]): Promise<Versions> {
  const { terraform, folder } = platform;
  const { name, version } = JSON.parse(readFileSync(join(__dirname, '..', 'package.json'), 'utf8'));
  const holds = (id: string) => outcomes.some(({ claim, verdict }) => claim === id && verdict === 'confirmed');
  const told = async (needs: string, ask: () => Promise<string | undefined>) => (holds(needs) ? ask().catch(() => undefined) : undefined);
  return {
    [name]: version,
    [terraform.program]: terraform.version,
    ...await terraform.providers(folder.stack).catch(() => ({})),
    'GitLab': await told('https', async () => (await platform.gitlab()).version()),
    'GitLab Runner': await told('apply', async () => /:(?:\w+-)?v?([\d.]+)/.exec((await platform.managers())[0].spec.containers.find(({ image }: any) => image.includes('gitlab-runner')).image)?.[1]),
    'Kubernetes': await told('apply', async () => (await (await platform.kubernetes()).call('GET', '/version')).gitVersion),
    'Azure CLI': azVersion,
    'Node': process.versions.node,
  };
}
