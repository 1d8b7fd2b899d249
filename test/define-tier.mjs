// What all tiers do alike: choose test files, say what cannot run, run each file in a process of its own, a few at a time, count, and try the tests
// themselves with faults. `node test/<tier>/run.mjs --help` tells how to call it. Environment: TIER_TESTS, a pattern of test names;
// TIER_CACHE, where programs are kept; TIER_PACKAGE, a package to try instead of packing one; TIER_LANES, how many files run at once.
import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { bundle, conclude, countTests, FOUND, install, judge, pack, putFault, ROOT, scratchFolder } from './tier.mjs';

/**
 * @typedef {object} Fault something that somebody could break, and the test that has to find it
 * @property {string} what
 * @property {string} file the test file, without its ending
 * @property {string} [tests] a pattern of the tests that are run
 * @property {string[]} put the file of the package, a text of it, what is there instead
 *
 * @typedef {object} Tier
 * @property {string} program its run.mjs, beside which its test files are
 * @property {string} name as in `npm run test:<name>`
 * @property {string} [suffix] its files are called `<file>.<suffix>.ts`
 * @property {string} nothing what did not happen where it cannot run
 * @property {() => string[]} [missing] what all files need and the machine does not have; asked once
 * @property {(file: string) => string[]} [missingFor] the same of one file
 * @property {string[]} [longest] the files that take longest: the others run beside them
 * @property {number} [lanes] how many files run at once
 * @property {() => void} [beforePacking] makes what the package lacks
 * @property {(work: Work) => object} prepare makes what the files need; the environment that they find it by
 * @property {(app: string, work: Work) => object} [furnish] adds to an application; the environment that tells of it
 * @property {(run: () => Promise<number>) => Promise<number>} [alone] goes around the whole run
 * @property {() => string} [scratch] makes the folder of the run
 * @property {{ make: (number: number) => object, sweep: (lane: object) => void, oneFile?: boolean }} [lane] what each lane has; made anew after a fault, or with `oneFile` after each file
 * @property {(environment: object, args: string[], options: object) => import('node:child_process').ChildProcess} [spawn] Node in a place of the tier's own
 * @property {Fault[]} [faults]
 * @property {(app: string, fault: Fault) => void} [put] puts a fault into an application's package, where that takes more than `put` of the fault
 * @property {(fault: Fault, output: string) => { passed: number, failed: number }} [judge]
 * @property {{ [flag: string]: { does: string, run?: (work: Work) => Promise<number> } }} [flags] what else the tier can do, instead of the tests where it is run; the exit status
 *
 * @typedef {{ files: string[], scratch: string, archive: string, environment: object, application: (name: string) => { app: string, environment: object } }} Work
 */

const running = new Set();

/** Ends all files that run, with everything that they started. */
export function endFiles() {
  return Promise.all([...running].map((child) => new Promise((ended) => {
    child.once('close', ended);
    child.kill('SIGKILL');
  })));
}

/** Runs a tier. @param {Tier} tier */
export async function defineTier(tier) {
  if (process.send) {
    const [file, tests] = process.argv.slice(2);
    const label = `${basename(file).split('.')[0]}: `;
    process.send(await countTests(file, { label, testNamePatterns: tests || undefined }), () => process.exit());
  } else {
    process.exit(await main(tier, process.argv.slice(2)));
  }
}

/** Where a tier keeps the programs that it builds or fetches once. */
export function cacheOf(tier) {
  return join(resolve(process.env.TIER_CACHE ?? join(ROOT, '.cache')), tier);
}

async function main(tier, args) {
  const start = Date.now();
  const unknown = args.find((arg) => arg.startsWith('-') && !takes(tier, arg));
  if (unknown || args.includes('--help')) {
    console.log(`${unknown ? `no such flag: ${unknown}\n` : ''}${usage(tier)}`);
    return unknown ? 2 : 0;
  }
  const words = args.filter((arg) => !arg.startsWith('--'));
  const flags = args.filter((arg) => arg.startsWith('--'));
  const mutants = flags.includes('--mutants');
  const suffix = flags.includes('--bench') ? 'bench' : tier.suffix ?? tier.name;
  const names = readdirSync(dirname(tier.program)).map((file) => file.match(/^(.*)\.(\w+)\.ts$/)).filter((match) => match?.[2] === suffix).map((match) => match[1]);
  const wanted = mutants ? names : chosen(names, words);
  if (wanted.length === 0) {
    console.log(`no test file is called ${words.join(' or ')}`);
    return conclude(tier.name, start, { passed: 0, failed: 0 });
  }
  const ready = able(tier, wanted);
  if (ready.length === 0 || (ready.length < wanted.length && process.env.CI)) {
    return process.env.CI ? 1 : 0;
  }
  const run = async () => {
    const scratch = tier.scratch?.() ?? scratchFolder(tier.name);
    mkdirSync(scratch, { recursive: true });
    tier.beforePacking?.();
    const archive = process.env.TIER_PACKAGE ? resolve(process.env.TIER_PACKAGE) : pack(scratch);
    const work = { files: ready, scratch, archive, environment: {}, application };
    function application(name) {
      const app = join(scratch, name);
      install(app, archive);
      return { app, environment: tier.furnish?.(app, work) ?? {} };
    }
    work.environment = { TIER_PACKAGE: archive, NODE_OPTIONS: '--enable-source-maps', ...await tier.prepare(work) };
    const other = flags.find((flag) => tier.flags?.[flag]?.run);
    const jobs = other ? [] : mutants ? faultyJobs(tier, work, suffix, words) : testJobs(tier, work, suffix, ready);
    console.log(`everything ready after ${Math.round((Date.now() - start) / 1000)} s`);
    return other ? tier.flags[other].run(work) : conclude(mutants ? `${tier.name} mutants` : tier.name, start, await runJobs(tier, jobs));
  };
  return tier.alone ? tier.alone(run) : run();
}

const FLAGS = {
  '--bench': { does: 'the benchmarks instead of the tests' },
  '--help': { does: 'this text, and nothing else' },
  '--mutants': { does: 'the tests on packages with one fault each; words choose from what the faults are called' },
};

/** What a flag is called: its value comes after a sign of equality. */
const called = (flag) => flag.split('=')[0];

const flagsOf = (tier) => ({ ...FLAGS, ...tier.flags });

function takes(tier, arg) {
  return Object.keys(flagsOf(tier)).some((flag) => (flag.includes('=') ? arg.startsWith(`${called(flag)}=`) : arg === flag));
}

function usage(tier) {
  const flags = Object.entries(flagsOf(tier));
  const width = Math.max(...flags.map(([flag]) => flag.length));
  return [
    `usage: node test/${basename(dirname(tier.program))}/run.mjs [flag…] [word…]`,
    'Runs the test files of that name or, if there is none, those whose names hold one of the words; all without a word.',
    ...flags.map(([flag, { does }]) => `  ${flag.padEnd(width)}  ${does}`),
  ].join('\n');
}

/** A name that is there means that one: "disk" is not "os-disk". */
function chosen(names, words) {
  return names.filter((name) => words.length === 0 || words.some((word) => (names.includes(word) ? name === word : name.includes(word))));
}

/** The files that can run; tells of the others. */
function able(tier, names) {
  const missing = new Map();
  const ofAll = tier.missing?.() ?? [];
  for (const name of names) {
    const what = [...ofAll, ...tier.missingFor?.(name) ?? []].join(' and no ');
    missing.set(what, [...missing.get(what) ?? [], name]);
  }
  missing.forEach((files, what) => what && console.log(`SKIPPED, there is no ${what}: ${tier.nothing} (${files.join(', ')})`));
  return missing.get('') ?? [];
}

function testJobs(tier, work, suffix, names) {
  const application = work.application('app');
  return names.map((name) => job(tier, work, application, name, suffix, process.env.TIER_TESTS));
}

/** An application for each fault. */
function faultyJobs(tier, work, suffix, words) {
  return tier.faults.filter(({ what }) => words.length === 0 || words.some((word) => what.includes(word))).map((fault, index) => {
    const application = work.application(`mutant-${index}`);
    (tier.put ?? ((app, { put }) => putFault(app, ...put)))(application.app, fault);
    return { ...job(tier, work, application, fault.file, suffix, fault.tests), fault };
  });
}

function job(tier, work, { app, environment }, name, suffix, tests) {
  const file = join(app, `${name}.${suffix}.cjs`);
  bundle(join(dirname(tier.program), `${name}.${suffix}.ts`), file);
  return { name, file, tests, environment: { ...process.env, ...work.environment, ...environment } };
}

async function runJobs(tier, jobs) {
  const place = ({ name }) => ((tier.longest ?? []).indexOf(name) + 1) || Infinity;
  const waiting = [...jobs].sort((one, other) => place(one) - place(other) || 0);
  const counts = { passed: 0, failed: 0 };
  const lanes = Math.min(jobs.length, Number(process.env.TIER_LANES ?? tier.lanes ?? 2));
  await Promise.all(Array.from({ length: lanes }, async (_, number) => {
    let lane = tier.lane?.make(number);
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const { passed, failed } = await runJob(tier, next, lane);
      counts.passed += passed;
      counts.failed += failed;
      if (lane && (next.fault || tier.lane.oneFile)) {
        tier.lane.sweep(lane);
        lane = tier.lane.make(number);
      }
    }
  }));
  return counts;
}

/** The tier's program again, on one file; with a fault, until a test finds it. */
function runJob(tier, { file, tests = '', fault, environment }, lane) {
  return new Promise((resolve) => {
    let counts;
    let output = '';
    const stream = fault ? 'pipe' : 'inherit';
    const start = tier.spawn ?? ((_, args, options) => spawn(process.execPath, args, options));
    const all = { ...environment, ...lane };
    const child = start(all, [tier.program, file, tests], { stdio: ['ignore', stream, stream, 'ipc'], env: all });
    [child.stdout, child.stderr].forEach((source) => source?.on('data', (data) => {
      output += data;
      if (FOUND.test(output) && !tier.judge) {
        lane ? tier.lane.sweep(lane) : child.kill('SIGKILL');
      }
    }));
    child.on('message', (message) => {
      counts = message;
    });
    running.add(child);
    child.on('close', () => {
      running.delete(child);
      if (fault) {
        resolve((tier.judge ?? judge)(fault, output));
        return;
      }
      if (!counts) {
        console.log(`  FAIL ${file} ended without a result`);
      }
      resolve(counts ?? { passed: 0, failed: 1 });
    });
  });
}
