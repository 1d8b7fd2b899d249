import assert from 'node:assert/strict';
import { gunzipSync } from 'node:zlib';
import { cutEverywhere } from './cutter';
import { Server } from './server';
import { GitLabEndpoint, GitLabRestore } from 'cdktf-azure-gitlab';

const PROPS = { endpoint: GitLabEndpoint.https({ letsEncrypt: false }), runners: { aks: { tags: ['aks'] } }, backup: {} };
const accountId = (name: string) => `/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/lost/providers/Microsoft.Storage/storageAccounts/${name}`;

/** A server that is gone with its region, but for the copy of its storage account elsewhere. */
export class LostServer {
  readonly server = new Server();
  /** The storage account of its backups, and the name of the last of them. */
  account = '';
  backup = '';
  earlier: any;
  private hostKey = '';

  /** As in another region, by a program with other constructs, and so with other names. */
  elsewhere(backup?: string) {
    return {
      ...PROPS, runners: { west: { tags: ['aks'] } }, backup: { storageAccountName: 'gitlabbackupelsewhere' },
      restoreFrom: GitLabRestore.blob({ storageAccountId: accountId(this.account), backup, secondary: true }),
    };
  }

  /** Sets it up, with data and a backup, and loses it. */
  async lose(): Promise<void> {
    const { server, server: { azure, disk, machine } } = this;
    await server.begin(PROPS);
    disk.attach();
    await server.applied(PROPS);
    await machine.shell('echo precious >/var/opt/gitlab/git-data/repositories/project.git && chown git: /var/opt/gitlab/git-data/repositories/project.git');
    await server.changeDatabase('database["variables"]["TOKEN"] = Instance.encrypted("a variable of CI"); database["projects"] << { "id" => 1, "full_path" => "team/one", "members" => [] }; '
      + 'database["settings"]["minimum_password_length"] = 9');
    assert.equal((await machine.startService('gitlab-backup.service')).status, 0);
    [this.earlier, this.hostKey, this.account] = [await server.database(), await machine.run('cat', '/etc/ssh/ssh_host_ed25519_key.pub'), server.storageAccount];
    const storage = azure.storage(this.account);
    this.backup = storage.list('gitlab-backups').find((name) => name.endsWith('.tar'))!.replace('_gitlab_backup.tar', '');
    // the copy in the other region has the last backup's one blob and not yet the other, and more than a page of others.
    const copy = this.copy(false);
    storage.containers.forEach((name) => copy.containers.add(name));
    storage.blobs.forEach((body, path) => copy.put(path, body));
    copy.put('gitlab-backups/20991231T023000Z-19.4.1-ce_gitlab_backup.tar', Buffer.from('of another day'));
    ['a', 'b', 'c', 'd'].forEach((name) => copy.put(`gitlab-backups/failures/${name} & co.log`, Buffer.from('no backup')));
    copy.readers = new Set([server.identity]);
    azure.fail({ host: `${this.account}.blob.core.windows.net`, answer: 'no answer' });
    // meanwhile GitLab publishes further patches.
    azure.packages.month = 'second';
  }

  /** The copy of its storage account that can be read. */
  copy(exists?: boolean) {
    return this.server.azure.storage(`${this.account}-secondary`, exists);
  }

  /** Restores it on the machine that took its place, whose disk is ready, cut off before a half of the commands. @returns that half */
  async restoreCutOff(half: 0 | 1): Promise<string[]> {
    const { server, server: { machine } } = this;
    const commands = await cutEverywhere(server, 'backup-choice', { half });
    await server.ran('gitlab');
    assert.equal(await machine.run('dpkg-query', '-W', '-f', '${Version}', 'gitlab-ce'), '19.4.1-ce.0');
    commands.push(...await cutEverywhere(server, 'recovery', { half, cutOff: /failed: the restore was cut off; run this step again to go on\nexit:1\n$/ }));
    console.log(`       cut off before ${commands.length} commands`);
    assert.match(await machine.run('cat', '/srv/gitlab/state/recovery/restored'), new RegExp(`^${this.backup}$`, 'm'));
    for (const step of ['runners', 'backup']) {
      await server.ran(step);
    }
    await this.isWhole();
    const kept = Buffer.from(server.serverVault.value('gitlab-secrets-json')!, 'base64');
    assert.equal(gunzipSync(kept).toString(), await machine.run('cat', '/etc/gitlab/gitlab-secrets.json'));
    return commands;
  }

  /** Sees that there is what somebody would miss. */
  async isWhole(): Promise<void> {
    const { server, server: { machine } } = this;
    const after = await server.database();
    const valued = ({ id, projects, users, settings }: any) => ({ id, projects, users, settings });
    assert.deepEqual(valued(after), valued(this.earlier));
    assert.equal(await machine.run('cat', '/var/opt/gitlab/git-data/repositories/project.git'), 'precious\n');
    assert.match(await machine.run('gitlab-rake', 'gitlab:doctor:secrets'), /^Total: 0 row\(s\) affected$/m);
    assert.equal(await machine.run('cat', '/etc/ssh/ssh_host_ed25519_key.pub'), this.hostKey);
    assert.ok(await server.isReady());
  }
}
