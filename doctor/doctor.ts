import { parseArgs } from 'util';
import { isOnServer } from './checks/check';
import { lookAtCluster } from './look-at-cluster';
import { lookAtDatabase } from './look-at-database';
import { howToRun, lookAtServer } from './look-at-server';
import { clustersOf, databasesOf, othersOf, serversOf } from './platform';
import type { Command, Tell } from '../command/command';
import { folderOf } from '../command/folder';
import { InputError } from '../command/input-error';
import { readStacks } from '../command/stacks';
import { Az } from '../preflight/az';
import { exitCode, Finding } from '../preflight/finding';
import { signedIn } from '../preflight/preflight';
import { findingLines, total } from '../preflight/report';
import { AzureResource, azureResources } from '../preflight/resources';

/** What was found of one server, or one cluster. */
interface Subject { readonly title: string; readonly findings: readonly Finding[]; readonly howToRun?: string }

/** One look at a platform that runs: what is broken or will be, what that means, and what to do. */
export const DOCTOR: Command = {
  what: 'looks at a platform that runs: what is broken, what that means, what to do',
  wrongCall: 2,
  usage: (program) => `Usage: ${program} doctor [FOLDER] [--json]

Looks once at the servers and clusters of a synthesised program, as they run: set-up, disks, backups, certificate, versions and patches,
background migrations, updates, runners, and what the next apply would stumble over. It asks through az, as whoever is signed in there,
runs one script on each server that only reads, and changes and writes nothing.

  FOLDER  what the program was synthesised into; by default cdktf.out
  --json  for programs to read

Exit code: 0 if nothing is broken, 1 if something is, 2 if a question has no answer or nothing could be asked`,

  async run(args, tell) {
    const { positionals, values } = parseArgs({ args: [...args], allowPositionals: true, options: { json: { type: 'boolean' } } });
    return doctor(folderOf(positionals), values.json ?? false, tell);
  },
};

async function doctor(folder: string, json: boolean, tell: Tell): Promise<number> {
  const stacks = readStacks(folder);
  const looked = azureResources(stacks, undefined);
  if (serversOf(looked).length + clustersOf(looked).length === 0) {
    throw new InputError(`${folder}: no server and no cluster in it; give the folder of a program with a SelfHostedGitLab or an AksCluster`);
  }
  const az = new Az(process.env);
  const account = await signedIn(az);
  const resources = azureResources(stacks, process.env.ARM_SUBSCRIPTION_ID || account.id);
  const [servers, clusters] = [serversOf(resources), clustersOf(resources)];
  if (!json) {
    tell(`Looking at ${[...servers, ...clusters].map(({ path }) => path).join(', ')}, as ${account.user.name}. A server takes a minute.`);
  }
  const subjects = await Promise.all([
    ...servers.map(async (server): Promise<Subject> => ({ title: `${server.isNode ? 'Node' : 'Server'} ${server.path}`, findings: await lookAtServer(az, server), howToRun: howToRun(server) })),
    ...databasesOf(resources).map(async (database): Promise<Subject> => ({ title: `Database ${database.path}`, findings: await lookAtDatabase(az, database) })),
    ...clusters.map(async (cluster): Promise<Subject> => ({
      title: `Cluster ${cluster.path}`, findings: (await lookAtCluster(az, account.tenantId, cluster)).map((one) => ({ check: 'cluster', ...one })),
    })),
  ]);
  subjects.push(...othersOf(resources, servers).map(notLookedAt));
  const findings = subjects.flatMap((subject) => subject.findings);
  if (json) {
    const all = subjects.flatMap((one) => one.findings.map((finding) => ({ subject: one.title, ...finding })));
    tell(JSON.stringify({ findings: all }, null, 2));
  } else {
    [...subjects.flatMap(lines), '', total(findings)].forEach((line) => tell(line));
  }
  return exitCode(findings);
}

function notLookedAt({ path }: AzureResource): Subject {
  return {
    title: `Machine ${path.join('/')}`, findings: [{
      check: 'machine', state: 'unknown', what: 'not looked at: it has no set-up of GitLab that this version knows', remedy: 'if it is GitLab\'s, run the version of this command that the program was made with',
    }],
  };
}

function lines({ title, findings, howToRun: how }: Subject): string[] {
  const lined = findings.some(({ remedy }) => isOnServer(remedy ?? ''));
  return ['', `${title}:`, ...findingLines(findings), ...lined ? [`  A line "on this machine" is run by ${how}`] : []];
}
