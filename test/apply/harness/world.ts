import { after } from 'node:test';
import { ControlPlane } from './control-plane';
import { Workspace } from './workspace';
import { Azure } from '../azure/azure';
import { CertificateAuthority } from '../azure/certificates';
import { Resource } from '../azure/resource';

/** One certificate authority and one API server for a test file, and as many Azures as it wants. */
export class World {
  readonly authority = new CertificateAuthority();
  readonly kubernetes = new ControlPlane();
  private readonly azures: Azure[] = [];
  private taken?: Promise<void>;

  constructor() {
    after(async () => {
      await Promise.all(this.azures.map((azure) => azure.stop()));
      this.kubernetes.giveBack();
      this.authority.close();
    });
  }

  /** An empty subscription, whose machines run every script well, and an empty cluster. One at a time, since all share the API server. */
  async azure(): Promise<Azure> {
    await (this.taken ??= this.kubernetes.take());
    await this.kubernetes.clean();
    const azure = new Azure(this.authority, this.kubernetes);
    azure.machines.runScript = succeed;
    await azure.start();
    this.azures.push(azure);
    return azure;
  }

  workspace(azure: Azure, options: { program?: string; variables?: { [name: string]: string } } = {}): Workspace {
    const environment = { ...azure.environment(), ...options.variables };
    return new Workspace(() => environment, options.program);
  }
}

/** What the scripts of the server print in the end; they run for real in the tier of the first boot. */
export function succeed(command: Resource): { exitCode: number; output: string } {
  return { exitCode: 0, output: `${command.name.replace(/-[0-9a-f]{8}$/, '')} is done\nexit:0` };
}
