import { after } from 'node:test';
import { ControlPlane } from './control-plane';
import { Workspace } from './workspace';
import { Azure } from '../azure/azure';
import { CertificateAuthority } from '../azure/certificates';
import { Resource } from '../azure/core';

/** One certificate authority and one API server for a test file, and as many Azures as it wants; all gone when the file's tests are over. */
export class World {
  readonly authority = new CertificateAuthority();
  readonly kubernetes = new ControlPlane(this.authority);
  private readonly azures: Azure[] = [];
  private readonly workspaces: Workspace[] = [];
  private started?: Promise<void>;

  constructor() {
    after(async () => {
      await Promise.all(this.azures.map((azure) => azure.stop()));
      this.workspaces.forEach((workspace) => workspace.remove());
      if (this.started) {await this.kubernetes.stop();}
      this.authority.close();
    });
  }

  /** An empty subscription, whose machines run every script well, and an empty cluster. One at a time, since all share the API server. */
  async azure(): Promise<Azure> {
    await (this.started ??= this.kubernetes.start());
    await this.kubernetes.clean();
    const azure = new Azure(this.authority, this.kubernetes);
    azure.machines.runScript = succeed;
    await azure.start();
    this.azures.push(azure);
    return azure;
  }

  workspace(azure: Azure, options: { program?: string; variables?: { [name: string]: string } } = {}): Workspace {
    const environment = { ...azure.environment(), ...options.variables };
    const workspace = new Workspace(() => environment, options.program);
    this.workspaces.push(workspace);
    return workspace;
  }

  track(workspace: Workspace): Workspace {
    this.workspaces.push(workspace);
    return workspace;
  }
}

/** What the scripts of the server print in the end; they run for real in the tier of the first boot. */
export function succeed(command: Resource): { exitCode: number; output: string } {
  return { exitCode: 0, output: `${command.name.replace(/-[0-9a-f]{8}$/, '')} is done\nexit:0` };
}
