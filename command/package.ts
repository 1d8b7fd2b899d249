import { readFileSync } from 'fs';
import { join } from 'path';

/** What the package is called, which is the program's name too, and which one it is. */
export const { name: PROGRAM, version: VERSION }: { name: string; version: string } = JSON.parse(readFileSync(join(__dirname, '..', 'package.json'), 'utf8'));
