import { randomInt } from 'crypto';
import { rmSync } from 'fs';
import { hostname, userInfo } from 'os';
import { createInterface } from 'readline';
import { parseArgs } from 'util';
import { Cancellation } from './cancel';
import { PREFLIGHT_CLAIM } from './checks/applying';
import { destroyAll } from './checks/destroying';
import { VerifyFolder } from './folder';
import { cleanUpCommand, groupsOf, here, tellWhatIsLeft } from './left';
import { Interrupted, NotTried, Outcome } from './outcome';
import { Patience } from './patience';
import { Platform } from './platform';
import { synthesise } from './program';
import { Redaction } from './redaction';
import { markdown, reportOf, total } from './report';
import { CHECKS, tryAll, tryOne } from './run';
import { Account, accountOf } from './surroundings';
import { Terraform } from './terraform';
import { versionsOf } from './versions';
import type { Command, Tell } from '../command/command';
import { folderOf } from '../command/folder';
import { InputError } from '../command/input-error';
import { Az } from '../preflight/az';
import { PREFLIGHT } from '../preflight/preflight';

const REGION = 'koreacentral';
const INTERRUPTED = 130;

interface Options {
  readonly region: string;
  readonly subscription?: string;
  readonly keep: boolean;
  readonly yes: boolean;
  readonly json: boolean;
}

/** Tries in a subscription what the library claims of Azure, and reports it. */
export const VERIFY: Command = {
  what: 'tries in a subscription of yours what the pages of this library claim of Azure',
  wrongCall: 2,
  usage: (program) => `Usage: ${program} verify [FOLDER] [--region NAME] [--subscription ID] [--keep] [--yes] [--json]
       ${program} verify --destroy FOLDER

Tries in your subscription what the pages of this library claim of Azure: applies the complete example, with names of its own, runs CI jobs,
deletes and restarts parts of it, restores a backup, and destroys all of it. That takes about two hours, and costs money. It asks
before it makes anything. The report, FOLDER/report.md and report.json, tells neither names nor secrets, so that you can send it to the project.

  FOLDER             a new folder for program, state and report; by default gitlab-verify-… in this one
  --region NAME      where; by default ${REGION}
  --subscription ID  or name; by default ARM_SUBSCRIPTION_ID, or that of az account show
  --keep             if something fails, leave the platform up, to look at it
  --yes              do not ask
  --json             for programs to read: the report; what happens is told on standard error
  --destroy FOLDER   destroy what a verification that was interrupted or kept has left

Exit code: 0 if no claim is refuted and nothing is left, 1 if one is or something is left, 2 if it could not be tried, 130 after Ctrl-C`,

  async run(args, tell, complain) {
    const { positionals, values: { destroy = false, ...values } } = parseArgs({
      args: [...args], allowPositionals: true, options: {
        region: { type: 'string' }, subscription: { type: 'string' }, keep: { type: 'boolean' }, yes: { type: 'boolean' }, json: { type: 'boolean' }, destroy: { type: 'boolean' },
      },
    });
    const { region = REGION, keep = false, yes = false, json = false } = values;
    if (!/^[a-z][a-z0-9]{2,40}$/.test(region)) {
      throw new InputError(`--region: the short name of a region, such as ${REGION}, got "${region}"`);
    }
    const cancellation = new Cancellation();
    try {
      if (destroy) {
        if (positionals.length !== 1) {
          throw new InputError('--destroy: give the folder of the verification');
        }
        // its folder tells where it was.
        if (Object.keys(values).length > 0) {
          throw new InputError(`--destroy: takes no other option, got --${Object.keys(values).join(', --')}`);
        }
        return await cleanUp(VerifyFolder.find(positionals[0]), tell, cancellation);
      }
      const path = positionals.length === 0 ? undefined : folderOf(positionals);
      return await verify(path, { ...values, region, keep, yes, json }, json ? complain : tell, tell, cancellation);
    } finally {
      cancellation.end();
    }
  },
};

async function verify(path: string | undefined, options: Options, tell: Tell, print: Tell, cancellation: Cancellation): Promise<number> {
  if (!options.yes && !process.stdin.isTTY) {
    throw new InputError('nobody can be asked here; give --yes to go on without a question');
  }
  const az = new Az(process.env);
  const account = await accountOf(az, options.subscription);
  const { subscriptionId } = account;
  const terraform = await Terraform.find(environment(subscriptionId), tell, cancellation.signal);
  const name = `verify${Array.from({ length: 6 }, () => randomInt(36).toString(36)).join('')}`;
  const folder = VerifyFolder.make(path ?? `gitlab-${name.replace('verify', 'verify-')}`, { name, region: options.region, subscriptionId, reader: account.objectId });
  // preflight and doctor look there.
  process.env.ARM_SUBSCRIPTION_ID = subscriptionId;
  const preflight = await orForgotten(folder, () => begun(folder, account, terraform, options, tell));
  if (preflight === undefined) {
    return VERIFY.wrongCall;
  }

  cancellation.begin();
  const patience = new Patience(tell, cancellation.signal);
  const redaction = redactionFor(folder, account);
  const platform = new Platform(folder, az, terraform, patience, redaction, tell, account.tenantId);
  const outcomes: Outcome[] = [];
  const checks = CHECKS.map((check) => (check !== PREFLIGHT_CLAIM || preflight === 0 ? check : { ...check, run: withoutAnswer }));
  let [interrupted, kept] = [false, false];
  let versions: Awaited<ReturnType<typeof versionsOf>> = {};
  try {
    await tryAll(checks, platform, outcomes);
    versions = await versionsOf(platform, account.azVersion, outcomes);
    kept = options.keep && outcomes.some(({ verdict }) => verdict === 'refuted');
    if (!kept) {
      tell(`${terraform.program} destroy, about a quarter of an hour`);
      await tryOne('destroy', () => destroyAll(folder, terraform, az, patience), tell, outcomes);
    }
  } catch (error) {
    if (!(error instanceof Interrupted)) {
      throw error;
    }
    interrupted = true;
  }

  const report = reportOf(options.region, versions, outcomes, redaction);
  const [page] = [folder.write('report.md', markdown(report)), folder.write('report.json', `${JSON.stringify(report, null, 2)}\n`)];
  tell('');
  tell(`${interrupted ? 'Interrupted. ' : ''}${total(report.claims)}. The report, without names and secrets: ${here(page)}, and report.json beside it`);
  const left = await tellWhatIsLeft(folder, az, tell);
  if (options.json) {
    print(JSON.stringify(report, null, 2));
  }
  return interrupted ? INTERRUPTED : left || outcomes.some(({ verdict }) => verdict === 'refuted') ? 1 : outcomes.some((one) => one.unanswered) ? 2 : 0;
}

/** What comes before anything is made: preflight's exit code, if it refuses nothing and somebody agrees. */
async function begun(folder: VerifyFolder, account: Account, terraform: Terraform, options: Options, tell: Tell): Promise<number | undefined> {
  await synthesise(folder);
  const preflight = await PREFLIGHT.run([folder.synthesised], tell, tell);
  if (preflight === 1) {
    tell('');
    tell('Nothing was made: what is refused above would stop the apply. See to it, or give another --region or --subscription.');
    return undefined;
  }
  announce(folder, account, terraform, options, tell);
  if (!options.yes && !await agreed()) {
    tell('Nothing was made: only yes goes on.');
    return undefined;
  }
  return preflight;
}

/** Takes the folder away, however that ends without a result: nothing is in Azure yet, and the same call will do once more. */
async function orForgotten<T>(folder: VerifyFolder, run: () => Promise<T | undefined>): Promise<T | undefined> {
  const forget = () => rmSync(folder.path, { recursive: true, force: true });
  const leave = () => {
    forget();
    process.exit(INTERRUPTED);
  };
  process.on('SIGINT', leave).on('SIGTERM', leave);
  let result: T | undefined;
  try {
    result = await run();
  } finally {
    process.off('SIGINT', leave).off('SIGTERM', leave);
    if (result === undefined) {
      forget();
    }
  }
  return result;
}

/** Destroys what is in the books of an earlier verification. */
async function cleanUp(folder: VerifyFolder, tell: Tell, cancellation: Cancellation): Promise<number> {
  const { subscriptionId } = folder.notes;
  const az = new Az(process.env);
  if (folder.resources === 0) {
    return await tellWhatIsLeft(folder, az, tell) ? 1 : 0;
  }
  const terraform = await Terraform.find(environment(subscriptionId), tell, cancellation.signal);
  const outcomes: Outcome[] = [];
  tell(`${terraform.program} destroy, of what ${here(folder.path)} has made`);
  cancellation.begin();
  try {
    await tryOne('destroy', async () => {
      await terraform.init(folder.stack);
      return destroyAll(folder, terraform, az, new Patience(tell, cancellation.signal));
    }, tell, outcomes);
  } catch (error) {
    if (!(error instanceof Interrupted)) {
      throw error;
    }
  }
  return await tellWhatIsLeft(folder, az, tell) || outcomes.some(({ verdict }) => verdict !== 'confirmed') ? 1 : 0;
}

function announce(folder: VerifyFolder, account: Account, terraform: Terraform, { region, keep }: Options, tell: Tell): void {
  const { subscriptionName, subscriptionId, user } = account;
  [
    '', `This makes all of the above in the subscription ${subscriptionName} (${subscriptionId}), in ${region}, as ${user}, with ${terraform.program} ${terraform.version}.`,
    `It makes its own resource groups, ${groupsOf(folder).join(' and ')} and one for alerts, and touches nothing else. It takes about two hours,`,
    `and Azure bills for that time. At the end all of it is destroyed${keep ? ', unless something fails' : ''}; what stays are the names of two`,
    'deleted Key Vaults, for 90 days, which cost nothing.',
    `If it is cut off: ${cleanUpCommand(folder)}`, '',
  ].forEach((line) => tell(line));
}

async function agreed(): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await new Promise<string>((resolve) => {
    const unanswered = () => {
      process.stderr.write('\n');
      resolve('');
    };
    terminal.on('close', unanswered).on('SIGINT', () => {
      process.stderr.write('\n');
      process.kill(process.pid, 'SIGINT');
    }).question('Type yes to go on: ', (text) => {
      terminal.off('close', unanswered);
      resolve(text);
    });
  });
  terminal.close();
  return answer.trim() === 'yes';
}

async function withoutAnswer(): Promise<never> {
  throw new NotTried('Azure left a question of preflight without an answer');
}

/** Terraform works in this subscription, and keeps its state where the program says, whatever else is set here. */
function environment(subscriptionId: string): NodeJS.ProcessEnv {
  const { TF_WORKSPACE: _, TF_DATA_DIR: __, TF_CLI_ARGS: ___, ...others } = process.env;
  return { ...others, ARM_SUBSCRIPTION_ID: subscriptionId, TF_IN_AUTOMATION: '1' };
}

function redactionFor(folder: VerifyFolder, account: Account): Redaction {
  const redaction = new Redaction();
  const { subscriptionId, subscriptionName, tenantId, user, objectId } = account;
  [subscriptionId, tenantId, objectId].forEach((id) => redaction.add(id, '<id>'));
  redaction.add(folder.path, '<folder>');
  [subscriptionName, folder.notes.name, hostname(), ...groupsOf(folder)].forEach((one) => redaction.add(one, '<name>'));
  [user, userInfo().username].filter((one) => one !== 'root').forEach((one) => redaction.add(one, '<user>'));
  return redaction;
}
