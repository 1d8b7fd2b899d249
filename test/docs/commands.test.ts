// What pages tell people to run on the server, in the cluster and beside the program is there by that name: somebody reads them at night.
import { spawnSync } from 'child_process';
import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import { PAGES, ROOT, text } from './pages';
import { AksCluster, KubernetesGitLabRunner, SelfHostedGitLab } from '../../src';
import { newStack, synth } from '../synth';

/** The pages that tell what to look at when something is wrong. */
const TROUBLE = PAGES.filter((page) => page.startsWith('docs/runbooks/') || page === 'docs/operate.md');
const read = (folder: string, ending: RegExp) => readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
  .filter((file) => ending.test(file)).map((file) => readFileSync(join(ROOT, folder, file), 'utf8')).join('\n');
const scripts = read('src', /\.sh$/);
const constructs = read('src', /\.ts$/);

/** Each page with what is found in it, of which nothing is known. */
function unknown(pages: readonly string[], pattern: RegExp, isKnown: (...found: string[]) => boolean): string[] {
  const found = pages.flatMap((page) => [...text(page).replaceAll('\\\n', ' ').matchAll(pattern)].map((match) => ({ page, match: [...match] })));
  expect(found.length).toBeGreaterThan(0);
  return found.filter(({ match }) => !isKnown(...match.slice(1))).map(({ page, match: [whole] }) => `${page}: ${whole}`);
}

describe('the server', () => {
  const timers = [...scripts.matchAll(/\bwrite_(?:settings_)?timer (gitlab-[\w-]+)/g)].map(([, name]) => name);
  const written = [...scripts.matchAll(/\/systemd\/system\/(gitlab-[\w-]+)\.(?:service|timer|socket)\b/g)].map(([, name]) => name);
  const ours = new Set([...timers, ...written]);
  /** Those that a page has its reader start. */
  const started = PAGES.flatMap((page) => [...text(page).matchAll(/\bsystemd-run [^\n]*--unit[= ](gitlab-[\w-]+)/g)].map(([, name]) => name));
  /** Of Ubuntu and of GitLab's package. */
  const OTHER_UNITS = ['nftables', 'gitlab-runsvdir'];
  const isUnit = (name: string) => [...ours, ...started, ...OTHER_UNITS].includes(name.replace(/\.(service|timer)$/, ''));

  test('has the units that pages name', () => {
    expect(ours.size).toBeGreaterThan(10);
    expect(unknown(PAGES, /\bsystemctl [a-z-]+ (?:--[\w=-]+ )*([a-z][\w.-]+(?: [a-z][\w.-]+)*)/g, (names) => names.split(' ').every(isUnit))).toEqual([]);
    expect(unknown(PAGES, /\bjournalctl [^"`;|]*?(?:--unit|-u)[= ]([\w.-]+)/g, isUnit)).toEqual([]);
  });

  test('has the tasks that the runbook on them tells of, and no others that it could tell of', () => {
    // nodes have no metrics, and of backups other alerts tell.
    const told = timers.concat('gitlab-update').filter((name) => !['gitlab-node', 'gitlab-backup'].includes(name));
    const [, meaning] = text('docs/runbooks/TaskFailed.md').split(/^## .*$/m);
    expect([...meaning.matchAll(/`(gitlab-[\w-]+)`/g)].map(([, name]) => name).sort()).toEqual([...new Set(told)].sort());
  });

  test('has the files that runbooks and docs/operate.md name', () => {
    /** Of Ubuntu, of Azure's agent, and what GitLab's package always has. */
    const OTHERS = [
      '/run/reboot-required.pkgs', '/var/log', '/var/log/apt/term.log', '/var/lib/waagent/run-command-handler/download',
      '/var/log/gitlab', '/var/log/gitlab/prometheus/current', '/var/log/gitlab/sidekiq/current',
    ];
    const spelledOut = scripts.replaceAll('$DATA_STATE', '/srv/gitlab/state');
    const isWritten = (path: string) => ['/', '"', '\n', ' '].some((end) => spelledOut.includes(path + end));
    // what a page has its reader write comes after ">".
    expect(unknown(TROUBLE, /(?<=[\s`"'=(])(\/(?:etc|mnt|opt|run|srv|usr|var)\/[\w./-]+)/g, (path) => {
      const plain = path.replace(/\/$/, '');
      return OTHERS.includes(plain) || isWritten(plain);
    })).toEqual([]);
  });

  test('has the services of GitLab that pages name, one to a command: gitlab-ctl overlooks others', () => {
    const services = ['gitaly', 'nginx', 'node-exporter', 'postgresql', 'prometheus', 'puma', 'redis', 'sidekiq'];
    expect(unknown(PAGES, /\bgitlab-ctl ([a-z-]+)((?: [a-z][\w-]*)*)(?=[`";|\n]| &&| \\)/g, (command, named) => (
      ['hup', 'reconfigure', 'restart', 'start', 'status', 'stop', 'tail'].includes(command) && ['', ...services].includes(named.trim())
    ))).toEqual([]);
  });
});

test('what a run command has GitLab do begins with a home: Azure gives it none, and GitLab\'s programs may ask for one', () => {
  expect(unknown(PAGES, /--scripts "([^"]*\bgitlab-(?:ctl|rails|rake)\b[^"]*)"/g, (script) => script.startsWith('export HOME=/root; '))).toEqual([]);
});

test('what a run command tells is text, and the last 4 kB of it, which is all that Azure shows, are enough: logs come before what is short', () => {
  const isLog = (part: string) => /^(journalctl|tail) /.test(part);
  expect(unknown(PAGES, /\baz vm run-command invoke ([^\n`]*)--scripts "([^"]*)"([^\n`]*)/g, (before, script, after) => {
    const parts = script.split('; ').filter((part) => part !== 'export HOME=/root');
    const lines = parts.filter(isLog).map((part) => Number(/(?:--lines[ =]|-n )(\d+)/.exec(part)?.[1] ?? Infinity));
    return (/^(systemctl (start|stop|restart)|systemd-run) /.test(script) || `${before}${after}`.includes('--query "value[0].message" --output tsv'))
      && parts.slice(lines.length).every((part) => !isLog(part)) && (parts.length === 1 || lines.every((count) => count <= 20));
  })).toEqual([]);
});

test('the metrics that pages name are those that rules and dashboards ask for', () => {
  /** A runner has it, and no rule needs it. */
  const OTHERS = ['gitlab_runner_concurrent'];
  expect(unknown(PAGES, /`((?:gitlab_runner|gitlab_server|ci|sidekiq|node|kube)_[a-z_]+)`/g, (name) => [...OTHERS, constructs].some((known) => known.includes(name)))).toEqual([]);
});

test('the commands of this package that pages name are there, with their options', () => {
  const usages = new Map<string, string>();
  const usageOf = (command: string) => {
    if (!usages.has(command)) {
      usages.set(command, spawnSync('node', [join(ROOT, 'lib/command.js'), command, '--help'], { encoding: 'utf8' }).stdout);
    }
    return usages.get(command)!;
  };
  expect(unknown(PAGES, /\bnpx cdktf-azure-gitlab ([a-z]+)([^`\n#;|&]*)/g, (command, rest) => (
    usageOf(command).startsWith(`Usage: cdktf-azure-gitlab ${command} `) && [...rest.matchAll(/--[a-z-]+/g)].every(([option]) => usageOf(command).includes(option))
  ))).toEqual([]);
});

describe('the cluster', () => {
  const stack = newStack();
  const gitlab = new SelfHostedGitLab(stack, 'GitLab', { location: 'koreacentral' });
  const runner = new KubernetesGitLabRunner(stack, 'Runner', { gitlab, cluster: new AksCluster(stack, 'Cluster', { location: 'koreacentral' }) });
  synth(stack);
  const [deployment] = runner.chart.toJson().filter(({ kind }: any) => kind === 'Deployment');

  test('has the deployment and the labels that pages name', () => {
    expect(unknown(PAGES, /\bkubectl [^`\n]*\bdeployment[/ ]([\w-]+)/g, (name) => name === deployment.metadata.name)).toEqual([]);
    expect(unknown(PAGES, /\bkubectl [^`\n]*--selector (app\.kubernetes\.io\/[\w./-]+)=([\w-]+)/g, (label, value) => deployment.spec.template.metadata.labels[label] === value)).toEqual([]);
  });
});
