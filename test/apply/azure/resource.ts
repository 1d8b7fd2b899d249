/** A resource as it is stored: what was sent, and what Azure adds. */
export interface Resource {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  location?: string;
  tags?: any;
  properties: any;
  [key: string]: any;
}

export interface Stored {
  resource: Resource;
  state: 'Creating' | 'Updating' | 'Succeeded' | 'Failed' | 'Deleting';
  /** When the resource took effect, in milliseconds. */
  since: number;
}
