// The Azure CLI of whoever verifies: a program called az hands each of its calls over to here. What it asks of Resource Manager goes to the stand-in of it; scripts run
// on the machine, a restart is one, secrets are shown to who has a role. What preflight asks is answered as on a subscription's first day.
// Not checked: the language of --query, options that are left out here, how long Azure takes.
import { execFile } from 'node:child_process';
import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { createServer, Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FiredAlerts } from './fired-alerts';
import { Whole } from './whole';
import { hasRole } from '../../apply/azure/authorization';
import { READERS } from '../../apply/azure/key-vault';
import { tokenFor, uuidOf } from '../../apply/azure/login';
import { firstDay } from '../../preflight/first-day';

const AKS = '6dae42f8-4368-4678-94ff-3960e28e3630';
/** As much as Azure's agent gives to scripts. */
const PATH = '/usr/sbin:/usr/bin:/sbin:/bin';
/** Its client id; the object id follows from it. */
const DEPLOYER = uuidOf('deployer');

interface Answer { readonly status: number; readonly stdout?: string; readonly stderr?: string }

export class AzureCli {
  /** Where the programs are, for PATH. */
  readonly folder = mkdtempSync(join(tmpdir(), 'verify-programs-'));
  /** What befalls calls that have a text. */
  readonly faults = new Map<string, () => Promise<void> | string>();
  private readonly socket = join(this.folder, 'socket');
  private readonly alerts: FiredAlerts;
  private server?: Server;

  constructor(private readonly whole: Whole) {
    this.alerts = new FiredAlerts(whole.azure.arm, whole.kubernetes);
  }

  async start(): Promise<void> {
    this.server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk) => chunks.push(chunk)).on('end', async () => {
        const args: string[] = JSON.parse(Buffer.concat(chunks).toString());
        const answer = await this.answer(args).catch((error): Answer => ({ status: 1, stderr: `ERROR: ${error.message}` }));
        response.end(JSON.stringify(answer));
      });
    });
    await new Promise<void>((resolve) => this.server!.listen(this.socket, resolve));
    this.program('az', `import { request } from 'node:http';
const asked = request({ socketPath: '${this.socket}', method: 'POST' }, async (response) => {
  const { status, stdout = '', stderr = '' } = JSON.parse(Buffer.concat(await response.toArray()).toString());
  process.stdout.write(stdout);
  process.stderr.write(stderr);
  process.exitCode = status;
});
asked.end(JSON.stringify(process.argv.slice(2)));
`);
    // roles spread at once here, so nobody has to sleep for them.
    this.program('terraform', `import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { spawn } from 'node:child_process';
if (existsSync('cdk.tf.json')) {
  writeFileSync('cdk.tf.json', readFileSync('cdk.tf.json', 'utf8').replace(/("create_duration": *)"\\d+s"/g, '$1"1s"'));
}
const child = spawn('${process.env.APPLY_TERRAFORM}', process.argv.slice(2), { stdio: 'inherit' });
process.on('SIGINT', () => child.kill('SIGINT'));
child.on('close', (status) => process.exit(status ?? 1));
`);
  }

  async stop(): Promise<void> {
    this.server?.closeAllConnections();
    await new Promise((closed) => this.server ? this.server.close(closed) : closed(undefined));
  }

  private program(name: string, text: string): void {
    const file = join(this.folder, `${name}.mjs`);
    writeFileSync(file, text);
    writeFileSync(join(this.folder, name), `#!/bin/sh\nexec ${process.execPath} ${file} "$@"\n`);
    chmodSync(join(this.folder, name), 0o755);
  }

  private async answer(args: readonly string[]): Promise<Answer> {
    const call = `${args.join(' ')} `;
    const option = (name: string) => args[args.indexOf(name) + 1];
    const json = (value: unknown): Answer => ({ status: 0, stdout: JSON.stringify(value) });
    for (const [text, befall] of this.faults) {
      const problem = call.includes(text) ? await befall() : undefined;
      if (problem !== undefined) {
        return { status: 1, stderr: problem };
      }
    }
    const { ARM_SUBSCRIPTION_ID: subscription, ARM_TENANT_ID: tenantId, STANDIN_TOKEN: standInToken } = this.whole.azure.environment();
    switch (args[0] === 'version' ? args[0] : args.slice(0, 2).join(' ')) {
      case 'version': return json({ 'azure-cli': '2.80.0' });
      case 'account show': return json({ id: subscription, name: 'Pay-As-You-Go', tenantId, environmentName: 'AzureCloud', user: { name: 'ada@example.com' } });
      case 'account get-access-token': return this.token(call, option('--resource'), tenantId, standInToken);
      case 'aks get-credentials': {
        const { host, certificateAuthority } = this.whole.kubernetes;
        return { status: 0, stdout: `clusters:\n- cluster:\n    certificate-authority-data: ${Buffer.from(certificateAuthority).toString('base64')}\n    server: https://${host}\n` };
      }
      case 'vm run-command': {
        const { machine } = this.whole.machines;
        return json({ value: [{ message: `Enable succeeded: \n[stdout]\n${(await machine.try('env', '-i', `PATH=${PATH}`, 'bash', '-c', option('--scripts'))).output.slice(-4096)}\n[stderr]\n` }] });
      }
      case 'vm restart':
        await this.whole.machines.machine.reboot();
        return json({});
      case 'keyvault secret': return this.secret(option('--vault-name'), option('--name'));
      default: return args[0] === 'rest' ? this.rest(call, args, subscription, tenantId) : { status: 2, stderr: `ERROR: not in the stand-in: ${call}` };
    }
  }

  private token(call: string, resource: string, tenantId: string, standInToken: string): Answer {
    if (call.includes('ExecCredential')) {
      return { status: 0, stdout: JSON.stringify({ apiVersion: 'client.authentication.k8s.io/v1beta1', kind: 'ExecCredential', status: { token: standInToken } }) };
    }
    const accessToken = resource === AKS ? this.whole.kubernetes.token : tokenFor(DEPLOYER, tenantId, resource);
    return { status: 0, stdout: JSON.stringify({ accessToken, expires_on: 1_800_000_000 }) };
  }

  private secret(vaultName: string, name: string): Answer {
    const { arm, spreadMs } = this.whole.azure;
    const vault = arm.list('Microsoft.KeyVault/vaults').find((one) => one.name === vaultName);
    if (!vault || !hasRole(arm, uuidOf(DEPLOYER), READERS, vault.id, spreadMs)) {
      return { status: 1, stderr: 'ERROR: (Forbidden) Caller is not authorized to perform action on resource.\nCode: Forbidden\nMessage: Caller is not authorized.\n' };
    }
    return this.whole.machines.vaults.get(vaultName)?.value(name) === undefined ? { status: 1, stderr: 'ERROR: (SecretNotFound) A secret was not found\nCode: SecretNotFound\nMessage: no such secret\n' }
      : { status: 0, stdout: JSON.stringify(`https://${vaultName}.vault.azure.net/secrets/${name}/1`) };
  }

  /** Preflight's questions, or Resource Manager, as whoever applies. */
  private async rest(call: string, args: readonly string[], subscription: string, tenantId: string): Promise<Answer> {
    const known = firstDay(subscription).find(({ call: parts }) => fits(call, parts));
    if (known) {
      return { status: 0, stdout: JSON.stringify(known.answer) };
    }
    if (call.includes('/Microsoft.AlertsManagement/alerts ')) {
      return { status: 0, stdout: JSON.stringify(await this.alerts.answer()) };
    }
    const { HTTPS_PROXY, SSL_CERT_FILE } = this.whole.azure.environment();
    const [path, parameters] = [args[args.indexOf('--url') + 1], args.slice(args.indexOf('--url-parameters') + 1).filter((one) => one.includes('=') && !one.startsWith('-'))];
    const answer = await new Promise<string>((resolve, reject) => execFile('curl', ['--silent', '--proxy', HTTPS_PROXY, '--cacert', SSL_CERT_FILE, '--write-out', '\n%{http_code}',
      '--header', `Authorization: Bearer ${tokenFor(DEPLOYER, tenantId, 'https://management.azure.com/')}`, `https://management.azure.com${path}?${parameters.join('&')}`], (error, stdout) => (error ? reject(error) : resolve(stdout))));
    const [, body, status] = /^(.*)\n(\d+)$/s.exec(answer)!;
    return Number(status) < 400 ? { status: 0, stdout: body } : { status: 1, stderr: `ERROR: Not Found(${body})` };
  }
}

/** Whether a call has all of the texts, one after the other. */
function fits(call: string, parts: readonly string[]): boolean {
  let from = 0;
  return parts.every((part) => {
    const found = call.indexOf(part, from);
    from = found + part.length;
    return found >= 0;
  });
}
