// The Azure CLI of a person who is signed in: the commands that the documentation shows, on the machine and the storage accounts of a test.
// It takes no option that it does not know. Not checked: roles of the person, and of `--query` anything but that it is one of those written here.
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, Server } from 'node:net';
import { join } from 'node:path';
import { Azure } from './azure';

type Options = { readonly [name: string]: string };

export interface AzureCliProps {
  readonly azure: Azure;
  /** Where the program and the socket to this process are. */
  readonly folder: string;
  readonly resourceGroup: string;
  readonly virtualMachine: string;
  /** The object id of the machine's identity. */
  readonly identity: () => string;
  /** Runs a script on the machine, or on another one of the group. @returns its output */
  readonly onMachine: (script: string, name: string) => Promise<string>;
  /** The names of further machines, whose states are asked for. */
  readonly nodes?: () => readonly string[];
  /** The state of each flexible server, by name. */
  readonly databases?: () => { readonly [name: string]: string };
}

const PROGRAM = `#!/usr/bin/env node
const socket = require('node:net').connect(require('node:path').join(__dirname, 'az.socket'));
let answer = '';
socket.end(JSON.stringify(process.argv.slice(2)));
socket.on('data', (data) => { answer += data; }).on('end', () => {
  const { status, output } = JSON.parse(answer);
  (status ? process.stderr : process.stdout).write(output);
  process.exitCode = status;
});
`;

export class AzureCli {
  private readonly server: Server;

  constructor(private readonly props: AzureCliProps) {
    writeFileSync(join(props.folder, 'az'), PROGRAM);
    chmodSync(join(props.folder, 'az'), 0o755);
    this.server = createServer({ allowHalfOpen: true }, (socket) => {
      let request = '';
      socket.on('data', (data) => {
        request += data.toString();
      }).on('end', () => {
        void this.run(JSON.parse(request)).then((output) => ({ status: 0, output }), (error) => ({ status: 2, output: `az: ${error.message}\n` }))
          .then((answer) => socket.end(JSON.stringify(answer)));
      });
    }).listen(join(props.folder, 'az.socket'));
    this.server.unref();
  }

  private async run(args: string[]): Promise<string> {
    const words = args.slice(0, args.findIndex((arg) => arg.startsWith('--')));
    const rest = args.slice(words.length).filter((arg) => arg !== '--only-show-errors');
    const command = COMMANDS[words.join(' ')];
    if (!command) {
      throw new Error(`there is no command ${words.join(' ')}`);
    }
    const options: { [name: string]: string } = {};
    for (let index = 0; index < rest.length; index += 2) {
      options[rest[index].replace(/^--/, '')] = rest[index + 1];
    }
    const [wrong] = [...Object.keys(options).filter((name) => !command.options.includes(name)), ...command.options.filter((name) => !options[name])];
    // they may be left out, but not as the documentation uses them
    if (wrong && !(OPTIONAL.includes(wrong) && options[wrong] === undefined)) {
      throw new Error(`${words.join(' ')}: --${wrong} is missing or unknown: ${args.join(' ')}`);
    }
    return command.run(options, this.props);
  }
}

const OPTIONAL = ['query', 'output', 'include', 'prefix', 'subscription'];

interface Command {
  readonly options: readonly string[];
  readonly run: (options: Options, props: AzureCliProps) => Promise<string> | string;
}

const SUBSCRIPTION = '00000000-0000-4000-8000-000000000001';

const COMMANDS: { readonly [words: string]: Command } = {
  'account show': {
    options: ['output'],
    run: () => JSON.stringify({ id: SUBSCRIPTION, name: 'first boot', tenantId: SUBSCRIPTION, user: { name: 'ada@example.com' } }),
  },
  'rest': {
    options: ['method', 'url', 'url-parameters', 'output'],
    run: (options, { resourceGroup, virtualMachine, nodes, databases }) => {
      expect(options, { method: 'get' });
      const group = `/subscriptions/${SUBSCRIPTION}/resourceGroups/${resourceGroup}/providers`;
      const found = new Map<string, unknown>();
      [virtualMachine, ...nodes?.() ?? []].forEach((name) => found.set(`${group}/Microsoft.Compute/virtualMachines/${name}/instanceView`, { statuses: [{ code: 'PowerState/running' }] }));
      Object.entries(databases?.() ?? {}).forEach(([name, state]) => found.set(`${group}/Microsoft.DBforPostgreSQL/flexibleServers/${name}`, { properties: { state, version: '17' } }));
      if (!found.has(options.url)) {
        throw new Error(`there is no ${options.url}`);
      }
      return JSON.stringify(found.get(options.url));
    },
  },
  'storage blob list': {
    options: ['account-name', 'container-name', 'auth-mode', 'prefix', 'include', 'query', 'output'],
    run: (options, { azure }) => {
      const storage = account(options, azure);
      const names = storage.list(options['container-name']);
      switch (`${options.include} ${options.query} ${options.output}`) {
        case 'undefined [].name tsv': return names.map((name) => `${name}\n`).join('');
        case 'v [-1].versionId tsv': {
          const count = storage.earlier(`${options['container-name']}/${options.prefix}`).length;
          return count === 0 ? '' : `version-${count - 1}\n`;
        }
        default: throw new Error(`unexpected --query ${options.query}`);
      }
    },
  },
  'storage blob undelete': {
    options: ['account-name', 'container-name', 'name', 'auth-mode'],
    run: (options, { azure }) => {
      account(options, azure).undelete(`${options['container-name']}/${options.name}`);
      return '{\n  "undeleted": null\n}\n';
    },
  },
  'storage blob copy start': {
    options: ['account-name', 'destination-container', 'destination-blob', 'source-uri', 'auth-mode'],
    run: (options, { azure }) => {
      const target = `${options['destination-container']}/${options['destination-blob']}`;
      const source = new URL(options['source-uri']);
      const body = account(options, azure).earlier(source.pathname.slice(1))[Number(source.searchParams.get('versionid')?.replace('version-', '') || NaN)];
      if (!body || source.host !== `${options['account-name']}.blob.core.windows.net`) {
        throw new Error('The specified blob does not exist. ErrorCode:BlobNotFound');
      }
      account(options, azure).put(target, body);
      return '{\n  "copy_status": "success"\n}\n';
    },
  },
  'group create': { options: ['name', 'location'], run: () => '{}\n' },
  'storage account create': {
    options: ['resource-group', 'name', 'sku', 'allow-shared-key-access', 'allow-blob-public-access'],
    run: (options, { azure }) => {
      expect(options, { 'allow-shared-key-access': 'false', 'allow-blob-public-access': 'false' });
      azure.storage(options.name);
      return '{}\n';
    },
  },
  'storage container create': {
    options: ['account-name', 'name', 'auth-mode'],
    run: (options, { azure }) => {
      account(options, azure).containers.add(options.name);
      return '{\n  "created": true\n}\n';
    },
  },
  'storage blob upload': {
    options: ['account-name', 'container-name', 'name', 'file', 'auth-mode'],
    run: (options, { azure, folder }) => {
      account(options, azure).put(`${options['container-name']}/${options.name}`, readFileSync(join(folder, options.file)));
      return '{}\n';
    },
  },
  'storage account show': {
    options: ['name', 'query', 'output'],
    run: (options) => {
      expect(options, { query: 'id', output: 'tsv' });
      return `${accountId(options.name)}\n`;
    },
  },
  'role assignment create': {
    options: ['role', 'assignee-object-id', 'assignee-principal-type', 'scope'],
    run: (options, { azure }) => {
      expect(options, { 'role': 'Storage Blob Data Reader', 'assignee-principal-type': 'ServicePrincipal' });
      const name = options.scope.split('/').at(-1)!;
      expect(options, { scope: accountId(name) });
      azure.storage(name).readers?.add(options['assignee-object-id']);
      return '{}\n';
    },
  },
  'identity show': {
    options: ['resource-group', 'name', 'query', 'output'],
    run: (options, props) => {
      expect(options, { 'resource-group': props.resourceGroup, 'name': `${props.virtualMachine}-identity`, 'query': 'principalId', 'output': 'tsv' });
      return `${props.identity()}\n`;
    },
  },
  'vm run-command invoke': {
    options: ['subscription', 'resource-group', 'name', 'command-id', 'scripts', 'query', 'output'],
    run: async (options, props) => {
      expect(options, { 'resource-group': props.resourceGroup, 'command-id': 'RunShellScript', ...props.nodes?.().includes(options.name) ? {} : { name: props.virtualMachine } });
      const message = `Enable succeeded: \n[stdout]\n${await props.onMachine(options.scripts, options.name)}\n[stderr]\n`;
      return options.query === 'value[0].message' ? `${message}\n` : JSON.stringify({ value: [{ message }] });
    },
  },
};

function accountId(name: string): string {
  return `/subscriptions/${SUBSCRIPTION}/resourceGroups/group/providers/Microsoft.Storage/storageAccounts/${name}`;
}

function account(options: Options, azure: Azure) {
  // the account has no keys
  expect(options, { 'auth-mode': 'login' });
  return azure.storage(options['account-name']);
}

function expect(options: Options, wanted: Options): void {
  Object.entries(wanted).filter(([name, value]) => options[name] !== value).forEach(([name, value]) => {
    throw new Error(`--${name} is ${options[name]}, not ${value}`);
  });
}
