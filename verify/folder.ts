import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'fs';
import { join, resolve } from 'path';
import { InputError } from '../command/input-error';

const NOTES = 'verify.json';
const MADE_BY = 'cdktf-azure-gitlab verify';

/** What a verification is about; it is in its folder, for the program and for whoever cleans up. */
export interface Notes {
  /** Of the stack, which all names in Azure are made from. */
  readonly name: string;
  readonly region: string;
  readonly subscriptionId: string;
  /** The object id of whoever may read the first password of root. */
  readonly reader: string;
  readonly rerun?: string;
  /** Whether the platform is watched. */
  readonly alerts?: boolean;
}

/** The folder of one verification: its program, Terraform's state, its report. */
export class VerifyFolder {
  /** A new one, or one that is empty: nothing of others may be in it. */
  static make(path: string, notes: Notes): VerifyFolder {
    if (existsSync(join(path, NOTES))) {
      throw new InputError(`${path}: an earlier verification is in it; give another folder (what that one has left in Azure goes with: verify --destroy ${path})`);
    }
    if (existsSync(path) && readdirSync(path).length > 0) {
      throw new InputError(`${path}: there are files in it; give a folder that is new or empty`);
    }
    mkdirSync(path, { recursive: true });
    const folder = new VerifyFolder(resolve(path), notes);
    folder.change({});
    return folder;
  }

  /** One of an earlier verification. */
  static find(path: string): VerifyFolder {
    const file = join(path, NOTES);
    if (!existsSync(file)) {
      throw new InputError(`${path}: no verification is in it; give a folder with a ${NOTES}`);
    }
    const { madeBy, ...notes } = read(file);
    if (madeBy !== MADE_BY) {
      throw new InputError(`${file}: something else has made it; give the folder of a verification`);
    }
    return new VerifyFolder(resolve(path), notes);
  }

  private constructor(readonly path: string, private current: Notes) {}

  get notes(): Notes {
    return this.current;
  }

  /** Where the program is synthesised into. */
  get synthesised(): string {
    return join(this.path, 'cdktf.out');
  }

  get stack(): string {
    return join(this.synthesised, 'stacks', this.notes.name);
  }

  /** Terraform's state as text; empty if nothing was applied. */
  get state(): string {
    const file = join(this.path, `terraform.${this.notes.name}.tfstate`);
    return existsSync(file) ? readFileSync(file, 'utf8') : '';
  }

  /** How many resources Terraform has in its books. */
  get resources(): number {
    const { state } = this;
    return state === '' ? 0 : (JSON.parse(state).resources ?? []).filter(({ mode }: any) => mode === 'managed').length;
  }

  change(difference: Partial<Notes>): void {
    this.current = { ...this.current, ...difference };
    this.write(NOTES, `${JSON.stringify({ madeBy: MADE_BY, ...this.current }, null, 2)}\n`);
  }

  write(name: string, text: string): string {
    const file = join(this.path, name);
    writeFileSync(file, text);
    return file;
  }
}

function read(file: string): any {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    throw new InputError(`${file}: cannot be read as JSON; give the folder of a verification`);
  }
}
