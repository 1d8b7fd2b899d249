import { ChildProcess, execFileSync, spawn } from 'node:child_process';
import { appendFileSync, chmodSync, closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { host, lane, until } from './lane';
import { CertificateAuthority } from '../../apply/azure/certificates';
import { Metadata } from '../azure/metadata';

/** Where the endpoint of the database is, see program.ts. */
export const DATABASE_ADDRESS = '10.77.2.9';
const AUDIENCE = 'https://ossrdbms-aad.database.windows.net';
const FOLDER = '/var/lib/postgresql';
const BACKUP = `${FOLDER}/backup`;
const BIN = '/usr/lib/postgresql/17/bin';
const AS_POSTGRES = ['setpriv', '--reuid=postgres', '--regid=postgres', '--clear-groups'];
const OPTIONS = { encoding: 'utf8', env: { PATH: '/usr/bin:/bin', HOME: '/tmp', LC_ALL: 'C.UTF-8' } } as const;

/**
 * A flexible server: a real PostgreSQL that takes TLS alone, with an administrator who is no superuser. Azure checks tokens of Entra ID; here
 * each token for PostgreSQL becomes the administrator's password when the metadata service issues it.
 */
export class Postgresql {
  private readonly base = join(lane.folder, 'database');
  private readonly root = join(this.base, 'root');
  private server?: ChildProcess;
  private standby?: ChildProcess;
  /** Where the server that is asked has its data. */
  private data = `${FOLDER}/lab`;

  constructor(
    private readonly authority: CertificateAuthority, private readonly administrator: string, private readonly address = DATABASE_ADDRESS,
  ) {}

  async start(name: string): Promise<void> {
    const [upper, work] = ['upper', 'work'].map((folder) => join(this.base, folder));
    [upper, work, this.root].forEach((folder) => mkdirSync(folder, { recursive: true }));
    host('mount', '-t', 'overlay', 'overlay', '-o', `lowerdir=${process.env.FIRSTBOOT_DATABASE_ROOT},upperdir=${upper},workdir=${work}`, this.root);
    this.run(`${BIN}/initdb`, '-D', this.data, '-E', 'UTF8', '--locale=C.UTF-8', '--auth-local=peer', '--auth-host=reject');
    this.certify(name);
    this.write('pg_hba.conf', 'local all postgres peer\nlocal replication postgres peer\nhostssl all all all scram-sha-256\n');
    appendFileSync(join(this.root, this.data, 'postgresql.conf'), `listen_addresses = '${this.address}'\nssl = on\nssl_cert_file = 'server.crt'\nssl_key_file = 'server.key'\n`
      + 'unix_socket_directories = \'/tmp\'\nfsync = off\njit = off\ndynamic_shared_memory_type = mmap\nlog_statement = all\n');
    // on Azure azure_pg_admin may make it; who did can be told by its owner.
    appendFileSync(join(this.root, '/usr/share/postgresql/17/extension/amcheck.control'), 'trusted = true\n');
    await this.open();
    this.sql(`CREATE ROLE "${this.administrator}" LOGIN CREATEDB CREATEROLE`);
  }

  /** Gives it a certificate for a name, from its next start on. */
  certify(name: string): void {
    const { key, cert } = this.authority.issue(name);
    this.write('server.key', key);
    this.write('server.crt', cert);
  }

  /** What it has logged, each statement too. */
  get log(): string {
    return readFileSync(join(this.base, 'log'), 'utf8');
  }

  /** Starts it, also after it was closed. */
  async open(): Promise<void> {
    this.server = this.launch(this.data);
    await until('the database', () => {
      try {
        return this.sql('SELECT 1') === '1';
      } catch {
        return false;
      }
    });
  }

  /** Stops it as a failing machine does. */
  async close(): Promise<void> {
    await end(this.server!);
  }

  /** A second server, which has each transaction before it counts as committed, as Azure's high availability has it. */
  async addStandby(): Promise<void> {
    const data = `${FOLDER}/standby`;
    this.run(`${BIN}/pg_basebackup`, '-h', '/tmp', '-D', data, '-R', '-c', 'fast');
    mkdirSync(join(this.root, '/tmp/standby'), { mode: 0o777 });
    chmodSync(join(this.root, '/tmp/standby'), 0o777);
    this.standby = this.launch(data, '-c', 'listen_addresses=', '-c', 'unix_socket_directories=/tmp/standby');
    this.sql('ALTER SYSTEM SET synchronous_standby_names = \'*\'');
    this.sql('SELECT pg_reload_conf()');
    await until('the standby follows', () => this.sql('SELECT count(*) FROM pg_stat_replication WHERE sync_state = \'sync\'') === '1');
  }

  /** The server dies, and the standby takes its place and its address. */
  async failOver(): Promise<void> {
    await this.close();
    await end(this.standby!, 'SIGINT');
    this.standby = undefined;
    this.data = `${FOLDER}/standby`;
    rmSync(join(this.root, this.data, 'standby.signal'));
    await this.open();
  }

  /** Takes a backup of the server as it is now. */
  backUp(): void {
    this.run(`${BIN}/pg_basebackup`, '-h', '/tmp', '-D', BACKUP, '-c', 'fast');
  }

  /** A server of another name, as the first one was at the time of its backup. The first one is away from then on. */
  async restore(name: string): Promise<void> {
    await this.close();
    this.data = BACKUP;
    this.certify(name);
    await this.open();
  }

  /** As the superuser that nobody has on Azure. */
  sql(statement: string, database = 'postgres'): string {
    return this.run(`${BIN}/psql`, '-h', '/tmp', '-d', database, '-XAtq', '-v', 'ON_ERROR_STOP=1', '-c', statement).trim();
  }

  /** A script of psql, as the administrator, who is no superuser. */
  script(text: string): string {
    return execFileSync('/usr/sbin/chroot', [this.root, ...AS_POSTGRES, `${BIN}/psql`, '-h', '/tmp', '-d', 'postgres', '-XAtq', '-v', 'ON_ERROR_STOP=1', '-f', '-'], {
      ...OPTIONS, input: text, env: { ...OPTIONS.env, PGOPTIONS: `-c role=${this.administrator}` },
    });
  }

  /** Has whom Entra ID gives a token for PostgreSQL be the administrator. */
  takeTokensOf(metadata: Metadata): void {
    metadata.onToken = (audience, token) => audience === AUDIENCE && this.takeToken(token);
  }

  private takeToken(token: string): void {
    if (this.server?.exitCode !== null || this.server.signalCode !== null) {
      return;
    }
    this.sql(`ALTER ROLE "${this.administrator}" PASSWORD '${token}'`);
  }

  async remove(): Promise<void> {
    if (existsSync(this.root)) {
      await Promise.all([this.server, this.standby].flatMap((one) => one ? [end(one)] : []));
      host('umount', this.root);
      // the next file of this lane begins without its data.
      rmSync(this.base, { recursive: true });
    }
  }

  private launch(data: string, ...options: string[]): ChildProcess {
    const log = openSync(join(this.base, 'log'), 'a');
    const server = spawn('/usr/sbin/chroot', [this.root, ...AS_POSTGRES, `${BIN}/postgres`, '-D', data, ...options], { stdio: ['ignore', log, log] });
    closeSync(log);
    return server;
  }

  private write(path: string, text: string): void {
    writeFileSync(join(this.root, this.data, path), text);
    chmodSync(join(this.root, this.data, path), 0o600);
    host('/usr/sbin/chroot', this.root, 'chown', 'postgres:', `${this.data}/${path}`);
  }

  private run(...command: string[]): string {
    return execFileSync('/usr/sbin/chroot', [this.root, ...AS_POSTGRES, ...command], { ...OPTIONS, stdio: ['ignore', 'pipe', 'pipe'] });
  }
}

async function end(server: ChildProcess, signal: NodeJS.Signals = 'SIGQUIT'): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) {
    return;
  }
  const ended = new Promise((resolve) => server.on('exit', resolve));
  server.kill(signal);
  await ended;
}
