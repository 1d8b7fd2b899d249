import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FrontDoor } from './front-door';
import { Kubernetes } from './kubernetes';
import { Machines } from './machines';
import { Names } from './names';
import { PrivateApiServer } from './private-api-server';
import { isReachable } from './private-links';
import { parentId } from '../../apply/azure/arm-id';
import { hasRole } from '../../apply/azure/authorization';
import { Azure } from '../../apply/azure/azure';
import { CertificateAuthority } from '../../apply/azure/certificates';
import { resolved } from '../../apply/azure/private-dns';
import { Workspace } from '../../apply/harness/workspace';
import { GitLab, Job, JobOptions, log } from '../../cluster/gitlab/gitlab';
import { NODE_ADDRESS } from '../../cluster/harness/cluster';
import { changeDatabase, readDatabase } from '../../firstboot/harness/gitlab-database';
import { sleep, until } from '../../firstboot/harness/lane';

/** Every machine reaches it, as it does Azure. */
const JOBS_ADDRESS = '10.77.2.2';
const JOBS_PORT = 8999;
const TOKEN = /^runner-token-/;
const VAULT = 'Microsoft.KeyVault/vaults';
const OUTLIVING = ['microsoft.resources/resourcegroups', 'microsoft.storage/storageaccounts'];

/** An empty subscription whose machines boot, whose clusters run and whose GitLab has jobs. Where a joint is broken, what lies behind it never works. */
export class Whole {
  readonly authority = new CertificateAuthority();
  readonly kubernetes = new Kubernetes();
  readonly azure = new Azure(this.authority, this.kubernetes);
  readonly machines = new Machines(this.azure);
  readonly jobs = new GitLab(this.authority.issue('jobs'), JOBS_ADDRESS, JOBS_PORT);
  private readonly frontDoor = new FrontDoor(this.azure.arm);
  private readonly privateApiServer = new PrivateApiServer(this.azure, this.kubernetes, this.machines);
  private readonly names = new Names((name) => this.publicName(name) ?? this.privateName(name));
  private readonly known = new Set<string>();
  private open?: Promise<void>;
  private spreading?: Promise<void>;
  private stopped = false;
  /** How many requests were made before the platform that is looked at. */
  private begun = 0;

  async start(): Promise<void> {
    await Promise.all([this.azure.start(), this.machines.start(), this.jobs.start(), this.kubernetes.start(), this.privateApiServer.start()]);
    this.machines.names = () => this.privateApiServer.hosts;
    await this.names.start(NODE_ADDRESS);
    this.machines.prepare = (machine) => machine.write('/opt/gitlab/jobs', `${JOBS_ADDRESS}:${JOBS_PORT}\n`);
    this.spreading = this.spread();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.spreading;
    this.names.stop();
    await this.kubernetes.stop();
    // before the machines, whose network takes all packet filters with it.
    await this.frontDoor.close();
    await Promise.all([this.machines.stop(), this.jobs.stop(), this.privateApiServer.stop()]);
    await this.azure.stop();
    this.authority.close();
  }

  /**
   * A region's end. What lay there is not in Azure's books any more, but names stay taken, and so do storage accounts: they can be named, and read where there
   * is a copy.
   */
  async lose(location: string): Promise<void> {
    await this.machines.lose(location);
    await this.kubernetes.lose();
    const { arm, vaults } = this.azure;
    const lost = [...arm.stored.values()].map(({ resource }) => resource)
      .filter((one) => one.location === location && !OUTLIVING.includes(one.type.toLowerCase()));
    lost.filter(({ type }) => type.toLowerCase() === VAULT.toLowerCase()).forEach((vault) => {
      vaults.deleted.set(vault.name.toLowerCase(), vault);
      rmSync(join(this.kubernetes.vaults, vault.name), { recursive: true, force: true });
    });
    const ids = lost.map(({ id }) => id.toLowerCase());
    [...arm.stored.keys()].filter((key) => ids.some((id) => key === id || key.startsWith(`${id}/`))).forEach((key) => arm.stored.delete(key));
    await this.frontDoor.close();
    this.open = undefined;
    this.begun = arm.log.length;
  }

  /** The machines that people were led to since this was last asked. */
  ledTo(): string[] {
    const led = [...this.frontDoor.led].sort();
    this.frontDoor.led.clear();
    return led;
  }

  workspace(stackFolder: string): Workspace {
    const environment = this.azure.environment();
    return new Workspace(() => environment).load(stackFolder);
  }

  /** Queues a job for the runner whose token the server put into the runner vault. */
  async queue(options: JobOptions): Promise<Job> {
    const token = await until('a runner\'s token in a vault', () => this.runnerTokens().find((one) => this.known.has(one)));
    return this.jobs.queue(token, options);
  }

  /** Waits for a job's good end; else tells which joint does not hold. */
  async succeeded(job: Job, namespace: string): Promise<void> {
    const state = await until('the end of the job', () => job.states.find((one) => one !== 'running'), 600)
      .catch(async (error) => {
        throw new Error(`${error.message}; ${await this.brokenJoint(namespace)}\n${log(job)}`);
      });
    if (state !== 'success') {
      throw new Error(`the job ended as ${state}\n${log(job)}`);
    }
  }

  /** Whether a manager that is there has been told to stop. */
  async managerStops(namespace: string): Promise<boolean> {
    return (await this.managers(namespace)).some(({ metadata }) => metadata.deletionTimestamp);
  }

  /** Each container of the managers that stay with the number of its restarts. */
  async managerRestarts(namespace: string): Promise<string[]> {
    return (await this.managers(namespace)).filter(({ metadata }) => !metadata.deletionTimestamp).flatMap(({ metadata, status }) => status.containerStatuses.map((one: any) => `${metadata.name} ${one.name} ${one.restartCount}`));
  }

  /** Which joint of the way from an apply to a job does not hold, as the first of them in its order. */
  async brokenJoint(namespace: string): Promise<string> {
    const { machine, vaults } = this.machines;
    const answer = await machine.try('curl', '-sSk', '-o', '/dev/null', '-w', '%{http_code}', 'https://127.0.0.1/-/readiness');
    const doctor = await machine.try('gitlab-rake', 'gitlab:doctor:secrets');
    const [vaultWithToken] = [...vaults].filter(([, vault]) => vault.names.some((name) => TOKEN.test(name))).map(([name]) => name);
    const shut = this.azure.arm.list(VAULT).filter((one) => !isReachable(this.azure.arm, one)).map(({ name }) => name);
    const managers = await this.managers(namespace);
    const said = await this.managerLog(namespace);
    const calls = this.requests.filter(({ host }) => host.endsWith('.azmk8s.io'));
    const address = this.publicAddress ?? this.privateAddress;
    const [, ledTo = address] = /dial tcp (\d+(?:\.\d+){3}):/.exec(said) ?? [];
    const joints: [string, boolean, string][] = [
      ['ordering', this.releasedAfterSetUp(), 'the release was begun before the server had made a token'],
      ['balancer', await this.frontDoor.serves(), 'the load balancer leads to no machine'],
      ['vault', shut.length === 0, `closed to the Internet, and no private endpoint leads there: ${shut}`],
      ['server', answer.output === '200', `GitLab on the machine answers ${answer.output}`],
      ['secrets', /Total: 0 row/.test(doctor.output), `GitLab's secrets do not fit its data: ${doctor.output.slice(-300)}`],
      ['token', vaultWithToken !== undefined, 'no vault holds a runner\'s token'],
      ['role', existsSync(join(this.kubernetes.vaults, vaultWithToken ?? '')), 'no identity of a service account may read the runner vault'],
      ['delivery', calls.at(-1)?.status !== 403, 'nobody with a role on the cluster has delivered the manager'],
      ['manager', managers.some(({ status }) => status.containerStatuses?.every(({ ready }: any) => ready)), `no manager is ready: ${managers.map(({ status }) => status.phase)}`],
      ['CA', !/x509/.test(said), 'the manager does not trust GitLab\'s certificate'],
      ['record', address === undefined || ledTo === address, `GitLab's name leads to ${ledTo}, and its server is at ${address}`],
      ['network', !/(dial tcp|no such host|EOF|connection re)/.test(said), 'the manager does not reach GitLab'],
      ['token', !/403 Forbidden/.test(said), 'GitLab does not know the manager\'s token'],
    ];
    const [joint, , problem] = joints.find(([, holds]) => !holds) ?? ['job', false, 'everything up to the job holds'];
    return `broken joint: ${joint}; ${problem}\n${said.slice(-3000)}`;
  }

  private get requests() {
    return this.azure.arm.log.slice(this.begun);
  }

  /** Whether nothing was written into the cluster before the last step of the server's set-up had ended. */
  releasedAfterSetUp(): boolean {
    const setUp = this.requests.find(({ method, path }) => method === 'PUT' && /\/runCommands\/runners-/.test(path));
    const release = this.requests.find(({ host, method }) => ['POST', 'PATCH'].includes(method) && host.endsWith('.azmk8s.io'));
    return release === undefined || (setUp?.end ?? Infinity) <= release.start;
  }

  /** What the runner's managers have said. */
  private async managerLog(namespace: string): Promise<string> {
    const logs = (await this.managers(namespace)).map(({ metadata }) => this.kubernetes.api.call('GET', `/api/v1/namespaces/${namespace}/pods/${metadata.name}/log`));
    return (await Promise.all(logs)).map(({ body }) => (typeof body === 'string' ? body : body.message)).join('\n');
  }

  private async managers(namespace: string): Promise<any[]> {
    return (await this.kubernetes.api.call('GET', `/api/v1/namespaces/${namespace}/pods?labelSelector=app.kubernetes.io/name=gitlab-runner`)).body.items ?? [];
  }

  /** The root folders of a job's containers, by way of their first processes. */
  containerRoots({ id }: Job): string[] {
    return pids()
      .filter((pid) => text(`/proc/${pid}/environ`).split('\0').includes(`CI_JOB_ID=${id}`) && /^NSpid:.*\s1$/m.test(text(`/proc/${pid}/status`)))
      .map((pid) => `/proc/${pid}/root`);
  }

  /** All command lines of this machine. */
  processes(): string {
    return pids().map((pid) => text(`/proc/${pid}/cmdline`)).join('\n');
  }

  async gitlabVersion(): Promise<string> {
    return JSON.parse(await this.machines.machine.run('cat', '/opt/gitlab/version-manifest.json')).build_version;
  }

  async gitlabDatabase(): Promise<any> {
    return readDatabase(this.machines.machine);
  }

  /** Changes the database behind everybody's back. */
  async changeGitlabDatabase(ruby: string): Promise<void> {
    await changeDatabase(this.machines.machine, ruby);
  }

  /** What an administrator's button does for every runner. */
  async resetRunnerTokens(): Promise<void> {
    await this.changeGitlabDatabase(
      'database["runners"].each { |runner| runner["token"] = Instance.encrypted("glrt-#{SecureRandom.alphanumeric(20)}") }');
  }

  runnerTokens(): string[] {
    return [...this.machines.vaults.values()].flatMap((vault) => vault.names.filter((name) => TOKEN.test(name)).map((name) => vault.value(name)!));
  }

  /** Where the cluster's certificate authority can be read by programs. */
  authorityFile(): string {
    const file = join(this.kubernetes.folder, 'authority.pem');
    writeFileSync(file, this.kubernetes.certificateAuthority);
    return file;
  }

  get publicAddress(): string | undefined {
    return this.azure.arm.list('Microsoft.Network/publicIPAddresses').find(({ properties }) => properties.dnsSettings?.fqdn)?.properties.ipAddress;
  }

  private publicName(name: string): string | undefined {
    return this.azure.arm.list('Microsoft.Network/publicIPAddresses').find(({ properties }) => properties.dnsSettings?.fqdn === name)?.properties.ipAddress;
  }

  /** The static address of a machine without a public one. */
  private get privateAddress(): string | undefined {
    return this.azure.arm.list('Microsoft.Network/networkInterfaces').flatMap(({ properties }) => properties.ipConfigurations).map(({ properties }) => properties)
      .find(({ privateIPAllocationMethod, publicIPAddress }) => privateIPAllocationMethod === 'Static' && !publicIPAddress)?.privateIPAddress;
  }

  /** What the nodes' network looks up in the private zones that it is linked to. */
  private privateName(name: string): string | undefined {
    const [pool] = this.azure.arm.list('Microsoft.ContainerService/managedClusters/agentPools');
    return pool && resolved(this.azure.arm, parentId(pool.properties.vnetSubnetID), name)[0];
  }

  /** What Azure and GitLab do by themselves, again and again: a server's address leads to its machine, secrets reach the nodes, a token is a runner's. */
  private async spread(): Promise<void> {
    for (; !this.stopped; await sleep(200)) {
      const address = this.publicAddress ?? this.privateAddress;
      if (address) {
        await (this.open ??= this.frontDoor.open(address));
      }
      this.runnerTokens().filter((token) => !this.known.has(token)).forEach((token) => {
        this.known.add(token);
        this.jobs.addRunner(token);
      });
      this.mountable();
      const pools = this.azure.arm.list('Microsoft.ContainerService/managedClusters/agentPools');
      await this.kubernetes.label(Object.assign({}, ...pools.map(({ properties }) => properties.nodeLabels)));
    }
  }

  /** A vault's secrets can be mounted as long as an identity that a service account of the cluster may use has a role there. */
  private mountable(): void {
    const { arm, spreadMs } = this.azure;
    const federated = arm.list('Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials').flatMap(({ id }) => arm.find(parentId(id)) ?? []);
    for (const one of arm.list(VAULT)) {
      const { name, id } = one;
      const folder = join(this.kubernetes.vaults, name);
      const vault = this.machines.vaults.get(name);
      if (vault && isReachable(arm, one) && federated.some(({ properties }) => hasRole(arm, properties.principalId, ['Key Vault Secrets User'], id, spreadMs))) {
        mkdirSync(folder, { recursive: true });
        vault.names.forEach((secret) => keepFile(join(folder, secret), vault.value(secret)!));
      } else if (existsSync(folder)) {
        rmSync(folder, { recursive: true });
      }
    }
  }
}

/** Readers see the old text or the new one, and nothing of a text that stays. */
function keepFile(path: string, content: string): void {
  if (text(path) !== content) {
    writeFileSync(`${path}.new`, content);
    renameSync(`${path}.new`, path);
  }
}

function pids(): string[] {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name));
}

function text(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    // there is none, or no more
    return '';
  }
}
