import assert from 'node:assert/strict';
import { request as httpsRequest } from 'node:https';
import { after } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { Disk } from './disk';
import { changeDatabase, readDatabase } from './gitlab-database';
import { lane } from './lane';
import { Machine, Outcome } from './machine';
import { AzureRule } from './monitoring';
import { Applied, AZURE_NAME, Program, RunCommand, ServerProps } from './program';
import { handOver } from './run-command';
import { Azure } from '../azure/azure';

/** A run command that was started. */
export class Run {
  private ended = false;

  constructor(private readonly machine: Machine, readonly step: string, private readonly unit: string, private readonly folder: string,
    private readonly done: Promise<Outcome>) {
    void done.then(() => {
      this.ended = true;
    });
  }

  get finished(): boolean {
    return this.ended;
  }

  /** What Azure does at the time-out: the script alone is killed, its children go on. */
  async killScript(): Promise<void> {
    await this.machine.run('systemctl', 'kill', '--kill-who=main', '--signal=KILL', this.unit);
    await this.done;
  }

  async wait(): Promise<Result> {
    const end = new AbortController();
    const tooLong = setTimeout(600_000, undefined, { signal: end.signal, ref: false }).then(
      () => { throw new Error(`${this.step} does not end:\n${this.machine.read(`${this.folder}/stdout`)}`); },
      () => undefined,
    );
    await Promise.race([this.done, tooLong]).finally(() => end.abort());
    return new Result(this.step, this.machine.read(`${this.folder}/stdout`), this.machine.read(`${this.folder}/stderr`));
  }
}

export class Result {
  constructor(readonly step: string, readonly output: string, readonly errors: string) {}

  private get lines(): string[] {
    return this.output.trimEnd().split('\n');
  }

  /** What the resource's condition reads. */
  get ok(): boolean {
    return this.lines.at(-1) === 'exit:0';
  }

  /** The line that tells a person what happened: the last but one, without its time. */
  get told(): string {
    return (this.lines.at(-2) ?? '').replace(/^\d\d:\d\d:\d\d /, '');
  }

  /** All lines that the script says, without times. */
  get said(): string[] {
    return this.lines.map((line) => line.replace(/^\d\d:\d\d:\d\d /, ''));
  }
}

export interface RunOptions {
  /** Environment on top of the parameters: less patience than people have. */
  readonly environment?: { readonly [name: string]: string };
  /** A program that runs the script instead of bash alone. */
  readonly under?: readonly string[];
}

export interface GitLabRequest {
  readonly hostname?: string;
  /** Whose password it is: root's, unless told otherwise. */
  readonly user?: string;
  readonly password?: string;
  readonly secondFactor?: string;
  /** GET, or POST with a form, unless told otherwise. */
  readonly method?: string;
  readonly form?: string;
  readonly ca?: string;
}

/** Azure tells a machine's commands apart by name. */
const nameOf = ({ machine, name }: RunCommand) => `${machine}/${name}`;

/** A stack, its machine, its disk and its Azure. */
export class Server {
  readonly azure = new Azure(lane.packages);
  readonly disk = new Disk();
  /** The run commands that Terraform's last apply knows, in their order. */
  commands: readonly RunCommand[] = [];
  /** The names of those that ended well. */
  protected readonly good = new Set<string>();
  private readonly program: Program;
  private sequence = 0;
  protected state?: Applied;

  /** Made where the tests of a file are declared, and gone after them. */
  constructor(readonly machine = new Machine(), askedFor: readonly string[] = []) {
    this.program = new Program(askedFor);
    after(() => this.remove());
  }

  /** An empty disk, not attached, and a machine that is switched on. */
  async begin(props: ServerProps, osDiskMegabytes?: number): Promise<void> {
    await this.azure.start();
    this.plan(props);
    this.disk.create();
    await this.newMachine(osDiskMegabytes);
  }

  get serverVault() {
    return this.azure.vault(this.state!.resources.azurerm_key_vault.find(({ name }) => name.includes('server')).name);
  }

  get runnerVault() {
    return this.azure.vault(this.state!.resources.azurerm_key_vault.find(({ name }) => name.includes('runner')).name);
  }

  /** The client id of the machine's identity, which is its object id too here. */
  get identity(): string {
    return this.state!.identity;
  }

  /** The client id of the identity that opens the objects' account. */
  get objectsIdentity(): string | undefined {
    return this.state!.objectsIdentity;
  }

  /** The storage account that the stack makes. */
  get storageAccount(): string {
    return this.state!.resources.azurerm_storage_account[0].name;
  }

  /** The names of the flexible servers. */
  get databases(): readonly string[] {
    return this.state!.databases;
  }

  /** The rules on the server's own metrics. */
  get rules(): readonly AzureRule[] {
    return this.state!.resources.azurerm_monitor_alert_prometheus_rule_group.flatMap(({ rule }) => rule);
  }

  /** What the dashboard asks the server's metrics. */
  get panels(): string[] {
    const books = this.state!.resources.azurerm_application_insights_workbook.map(({ data_json: book }) => JSON.parse(book));
    const metrics = books.flatMap(({ items }) => items).filter(({ content }) => content.queryType === 16);
    return metrics.map(({ content }) => JSON.parse(content.query).queryText);
  }

  /** What the program was synthesised into. */
  get synthesised(): string {
    return this.program.output;
  }

  /** What Terraform would make of the props, as far as run commands go. Nothing runs. */
  plan(props: ServerProps): this {
    this.state = this.program.apply(props);
    this.commands = this.state.commands;
    [this.state.identity, this.state.objectsIdentity].forEach((one) => one && this.azure.metadata.identities.add(one));
    this.state.resources.azurerm_key_vault.forEach(({ name }) => this.azure.vault(name));
    this.planStorage(this.state);
    this.machines.filter(({ running }) => running).forEach((machine) => machine.writeHosts(this.azure.hosts));
    return this;
  }

  /** Switches a machine with a new OS disk on. */
  async newMachine(osDiskMegabytes?: number): Promise<void> {
    if (this.machine.running) {
      await this.machine.die();
    }
    this.machine.create(this.azure.hosts, this.azure.authority.certificate, osDiskMegabytes);
    await this.machine.start();
    // azure runs all commands again on a machine that it does not know yet.
    this.good.clear();
  }

  /** Everything is lost: an empty disk, a new machine, empty vaults. */
  async startOver(): Promise<void> {
    await this.machine.die();
    this.disk.detach().create().attach();
    [this.serverVault, this.runnerVault].forEach((vault) => vault.names.forEach((name) => vault.purge(name)));
    await this.newMachine();
  }

  command(step: string): RunCommand {
    const found = this.commands.find((command) => this.stepOf(command) === step);
    assert.ok(found, `there is a run command ${step}`);
    return found;
  }

  async start(step: string, { environment, under }: RunOptions = {}): Promise<Run> {
    const command = this.command(step);
    this.sequence += 1;
    const parameters = { ...command.parameters, ...environment };
    const machine = this.machineOf(command);
    const { unit, folder, done } = handOver(machine, this.sequence, { ...command, parameters }, under);
    return new Run(machine, step, unit, folder, done);
  }

  /** Runs one step, whether it ran before or not. */
  async run(step: string, options: RunOptions = {}): Promise<Result> {
    return (await this.start(step, options)).wait();
  }

  /** Runs one step, which has to end well. */
  async ran(step: string, options: RunOptions = {}): Promise<Result> {
    const result = await this.run(step, options);
    assert.ok(result.ok, `${step} failed:\n${result.output}${result.errors}`);
    return result;
  }

  /** Runs one step, which has to fail. @returns the line that says so */
  async refused(step: string, options: RunOptions = {}): Promise<string> {
    const result = await this.run(step, options);
    assert.ok(!result.ok, `${step} did not fail:\n${result.output}`);
    assert.match(result.output, /\nexit:[1-9]\d*\n$/);
    assert.match(result.told, /^failed: /);
    return result.told.replace(/^failed: /, '');
  }

  /** Every step again, one after the other. */
  async runAll(options: RunOptions = {}): Promise<Result[]> {
    const results = [];
    for (const command of this.commands) {
      results.push(await this.ran(this.stepOf(command), options));
      this.good.add(nameOf(command));
    }
    return results;
  }

  /** `terraform apply`: the run commands that are new run in their order; one that fails ends it. @returns all that ran */
  async apply(props: ServerProps, options: RunOptions = {}): Promise<Result[]> {
    this.plan(props);
    const results = [];
    for (const command of this.commands.filter((one) => !this.good.has(nameOf(one)))) {
      const result = await this.run(this.stepOf(command), options);
      results.push(result);
      if (!result.ok) {
        break;
      }
      this.good.add(nameOf(command));
    }
    return results;
  }

  /** `terraform apply`, which has to go well. */
  async applied(props: ServerProps, options: RunOptions = {}): Promise<Result[]> {
    const results = await this.apply(props, options);
    results.forEach((result) => assert.ok(result.ok, `${result.step} failed:\n${result.output}${result.errors}`));
    return results;
  }

  /** A request to GitLab as from outside, as somebody with a password, whatever its certificate unless an authority is named. */
  async gitlab(path: string, options: GitLabRequest = {}): Promise<{ status: number; body: any }> {
    const { hostname = AZURE_NAME, user = 'root', password, secondFactor, form, method = form === undefined ? 'GET' : 'POST', ca } = options;
    return new Promise((resolve, reject) => {
      const request = httpsRequest({
        host: this.machine.address, port: 443, servername: hostname, rejectUnauthorized: ca !== undefined, ca, agent: false,
        path, method,
        headers: {
          host: hostname, ...password === undefined ? {} : { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` },
          ...secondFactor === undefined ? {} : { 'x-second-factor': secondFactor },
        },
      }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk) => chunks.push(chunk)).on('end', () => {
          const text = Buffer.concat(chunks).toString();
          resolve({ status: response.statusCode!, body: text.startsWith('{') ? JSON.parse(text) : text });
        });
      });
      request.on('error', reject).end(form);
    });
  }

  async isReady(): Promise<boolean> {
    try {
      return (await this.gitlab('/-/readiness?all=1')).status === 200;
    } catch {
      return false;
    }
  }

  /** What GitLab's database holds. */
  async database(): Promise<any> {
    return readDatabase(this.machine);
  }

  /** Changes the database behind everybody's back. */
  async changeDatabase(ruby: string): Promise<void> {
    await changeDatabase(this.machine, ruby);
  }

  /** The first account has the containers, and is the one that a lifecycle policy is for. */
  private planStorage({ resources }: Applied): void {
    const [account] = resources.azurerm_storage_account;
    resources.azurerm_storage_container.forEach(({ name }) => this.azure.storage(account.name).containers.add(name));
    resources.azurerm_storage_management_policy.forEach(({ rule }) => {
      const storage = this.azure.storage(account.name);
      assert.equal(account.blob_properties.versioning_enabled, true);
      storage.rules = rule;
      storage.deletedRetentionDays = account.blob_properties.delete_retention_policy.days;
    });
  }

  /** What a run command is called here. */
  protected stepOf({ name }: RunCommand): string {
    return name.replace(/-[0-9a-f]{8}$/, '');
  }

  protected machineOf(_: RunCommand): Machine {
    return this.machine;
  }

  protected get machines(): readonly Machine[] {
    return [this.machine];
  }

  protected async remove(): Promise<void> {
    for (const machine of this.machines) {
      if (machine.running) {
        await machine.die();
      }
      machine.wipe();
    }
    this.disk.remove();
    await this.azure.stop();
  }
}
