import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';
import { until } from './lane';
import { Outside } from './outside';

/** A job at work. Its runner is like gitlab-runner's network/trace.go: it keeps the whole log, sends what GitLab does not have yet, goes back to where GitLab tells it to, and gives up neither that nor the result. */
export class RunningJob {
  /** All that the job has said. */
  log = '';
  /** The machines that took parts of it. */
  readonly takers = new Set<string | undefined>();
  /** Where GitLab had the log begin or go on again. */
  readonly backTo: number[] = [];
  private sent = 0;
  private hasEnded = false;
  private abandoned = false;
  private told = false;
  private readonly path: string;

  constructor(private readonly outside: Outside, readonly id: number) {
    this.path = `/api/v4/jobs/${id}`;
    void this.work();
  }

  /** Waits for so many parts of the log to be with GitLab from now on. */
  async goesOn(parts = 1): Promise<void> {
    for (let count = 0; count < parts; count++) {
      const wanted = this.log.length + 1;
      await until(`the log of job ${this.id}`, () => this.sent >= wanted, 300);
    }
  }

  /** The job comes to its end, and GitLab has the log and the result. */
  async end(): Promise<void> {
    this.hasEnded = true;
    await until(`the result of job ${this.id}`, () => this.told, 300);
    const { body } = await this.outside.ask({ path: `${this.path}/trace` });
    assert.equal(JSON.parse(body).trace, this.log);
    assert.match(this.log, /\nthe end\n$/);
  }

  /** Where a test ends before the job does. */
  abandon(): void {
    this.abandoned = true;
  }

  private async work(): Promise<void> {
    for (let line = 1; !this.hasEnded && !this.abandoned; line++) {
      this.log += `line ${line}\n`;
      await this.send();
    }
    this.log += 'the end\n';
    while (this.sent < this.log.length && !this.abandoned) {
      await this.send();
    }
    while (!this.told && !this.abandoned) {
      const { status } = await this.outside.ask({ path: this.path, method: 'PUT', body: JSON.stringify({ state: 'success' }) });
      this.told = status === 200;
      await setTimeout(1000);
    }
  }

  private async send(): Promise<void> {
    const part = this.log.slice(this.sent);
    const headers = { 'content-range': `${this.sent}-${this.log.length - 1}` };
    const { status, range, by } = await this.outside.ask({ path: `${this.path}/trace`, method: 'PATCH', body: part, headers });
    if (status === 202) {
      this.sent += part.length;
      this.takers.add(by);
    } else if (status === 416) {
      this.sent = Number(range!.split('-')[1]);
      this.backTo.push(this.sent);
    }
    // anything else is tried again.
    await setTimeout(1000);
  }
}
