/** An answer that Azure gives instead of what was asked for. */
export class AzureError extends Error {
  constructor(readonly status: number, readonly code: string, message: string) {
    super(message);
  }
}
