export interface LogEntry {
  readonly host: string;
  readonly method: string;
  readonly path: string;
  readonly body?: any;
  readonly principal?: string;
  readonly start: number;
  /** When the effect had taken place; unset while it has not. */
  end?: number;
  status?: number;
}

export interface ArmRequest {
  readonly method: string;
  readonly url: URL;
  readonly body: any;
  readonly principal: string;
}

export interface Answer {
  readonly status: number;
  /** Whether the connection breaks instead. */
  readonly lost?: boolean;
  readonly body?: any;
  readonly headers?: { [name: string]: string };
}
