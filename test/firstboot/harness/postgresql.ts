import { ChildProcess, execFileSync, spawn } from 'node:child_process';
import { appendFileSync, chmodSync, closeSync, existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { host, lane, until } from './lane';
import { CertificateAuthority } from '../../apply/azure/certificates';

/** Where the endpoint of the database is, see program.ts. */
export const DATABASE_ADDRESS = '127.0.0.9';
const DATA = '/var/lib/postgresql/lab';
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

  constructor(private readonly authority: CertificateAuthority, private readonly administrator: string) {}

  async start(name: string): Promise<void> {
    const [upper, work] = ['upper', 'work'].map((folder) => join(this.base, folder));
    [upper, work, this.root].forEach((folder) => mkdirSync(folder, { recursive: true }));
    host('mount', '-t', 'overlay', 'overlay', '-o', `lowerdir=${process.env.FIRSTBOOT_DATABASE_ROOT},upperdir=${upper},workdir=${work}`, this.root);
    this.run(`${BIN}/initdb`, '-D', DATA, '-E', 'UTF8', '--locale=C.UTF-8', '--auth-local=peer', '--auth-host=reject');
    this.certify(name);
    this.write('pg_hba.conf', 'local all postgres peer\nhostssl all all all scram-sha-256\n');
    appendFileSync(join(this.root, DATA, 'postgresql.conf'), `listen_addresses = '${DATABASE_ADDRESS}'\nssl = on\nssl_cert_file = 'server.crt'\nssl_key_file = 'server.key'\n`
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
    const log = openSync(join(this.base, 'log'), 'a');
    this.server = spawn('/usr/sbin/chroot', [this.root, ...AS_POSTGRES, `${BIN}/postgres`, '-D', DATA], { stdio: ['ignore', log, log] });
    closeSync(log);
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
    const ended = new Promise((resolve) => this.server!.on('exit', resolve));
    this.server!.kill('SIGQUIT');
    await ended;
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

  takeToken(token: string): void {
    if (this.server?.exitCode !== null || this.server.signalCode !== null) {
      return;
    }
    this.sql(`ALTER ROLE "${this.administrator}" PASSWORD '${token}'`);
  }

  async remove(): Promise<void> {
    if (existsSync(this.root)) {
      await this.close();
      host('umount', this.root);
    }
  }

  private write(path: string, text: string): void {
    writeFileSync(join(this.root, DATA, path), text);
    chmodSync(join(this.root, DATA, path), 0o600);
    host('/usr/sbin/chroot', this.root, 'chown', 'postgres:', `${DATA}/${path}`);
  }

  private run(...command: string[]): string {
    return execFileSync('/usr/sbin/chroot', [this.root, ...AS_POSTGRES, ...command], { ...OPTIONS, stdio: ['ignore', 'pipe', 'pipe'] });
  }
}
