import { InputError } from './input-error';

/** The one folder that a command is given. */
export function folderOf([folder = 'cdktf.out', ...more]: readonly string[]): string {
  if (folder === '') {
    throw new InputError('the folder\'s name is empty; a variable that stands for it may not be set');
  }
  if (more.length > 0) {
    throw new InputError(`${more[0]}: one folder at a time`);
  }
  return folder;
}
