/** From `begin` to `end`, Ctrl-C and a polite kill end the work instead of the process: what is in Azure is still told of. */
export class Cancellation {
  private readonly controller = new AbortController();
  private readonly cancel = () => this.controller.abort();

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  begin(): void {
    process.on('SIGINT', this.cancel).on('SIGTERM', this.cancel);
  }

  end(): void {
    process.off('SIGINT', this.cancel).off('SIGTERM', this.cancel);
  }
}
