import { createHash } from 'node:crypto';
import { createReadStream, existsSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { host, lane, waitUntil } from './lane';

/** The data disk: an image behind a loop device, attached and detached as Azure would. The machine's own udev sees it come and go. */
export class Disk {
  readonly image = join(lane.folder, 'disk.img');

  /** An empty disk. Not attached. */
  create(megabytes = 6000): this {
    this.detach();
    rmSync(this.image, { force: true });
    writeFileSync(this.image, '');
    truncateSync(this.image, megabytes * 1024 * 1024);
    return this;
  }

  /** Takes what is on the disk at this moment, mounted or not. @returns what puts a disk made of that in the place of this one */
  snapshot(): () => this {
    host('cp', '--sparse=always', this.image, `${this.image}.snapshot`);
    return () => {
      this.detach();
      renameSync(`${this.image}.snapshot`, this.image);
      return this;
    };
  }

  grow(megabytes: number): void {
    truncateSync(this.image, megabytes * 1024 * 1024);
    host('losetup', '--set-capacity', lane.device);
  }

  attach(): this {
    this.awaitEnd();
    host('losetup', lane.device, this.image);
    return this;
  }

  /** A machine that has it mounted keeps it as long as it lives. */
  detach(): this {
    if (this.attached) {
      host('losetup', '--detach', lane.device);
    }
    return this;
  }

  /** Waits until a detached disk is gone: the kernel takes its time over what somebody had mounted who has just died. */
  awaitEnd(): this {
    waitUntil(`the end of ${lane.device}`, () => !this.attached);
    return this;
  }

  get attached(): boolean {
    return host('losetup', '--list', '--noheadings', '--output', 'NAME').split(/\s+/).includes(lane.device);
  }

  async hash(): Promise<string> {
    const hash = createHash('sha256');
    for await (const chunk of createReadStream(this.image)) {
      hash.update(chunk as Buffer);
    }
    return hash.digest('hex');
  }

  remove(): void {
    this.detach();
    if (existsSync(this.image)) {
      rmSync(this.image);
    }
  }
}
