/** What the frameworks and Node do between a user's line and ours. */
const BETWEEN = /[\\/]node_modules[\\/](?:constructs|cdktf|cdktn|cdk8s)[\\/]|^node:/;
/** More than any call of a user's goes deep in our code. */
const DEEPEST = 100;

/**
 * Lets an error's stack begin where the user called the library: what lies above that line is none of the user's, and would push the line
 * out of the ten that Node keeps. A program bundled into one file keeps all, since the library's part is not told apart there.
 */
export function startAtUser(error: Error): void {
  const limit = Error.stackTraceLimit;
  // Reflect, because both may be frozen.
  Reflect.set(Error, 'stackTraceLimit', DEEPEST);
  Error.captureStackTrace(error);
  Reflect.set(Error, 'stackTraceLimit', limit);
  const header = String(error);
  if (!error.stack?.startsWith(header)) {
    return;
  }
  const frames = error.stack.slice(header.length).split('\n').filter(Boolean);
  const own = fileOf(frames[0] ?? '');
  const user = frames.findIndex((frame) => ![own, undefined].includes(fileOf(frame)) && !BETWEEN.test(fileOf(frame)!));
  error.stack = [header, ...frames.slice(Math.max(user, 0)).slice(0, limit)].join('\n');
}

/** The file that a line of a stack is in; undefined for JavaScript's own functions. */
function fileOf(frame: string): string | undefined {
  return /(?:\(|\bat (?:async )?)([^()]+):\d+:\d+\)?$/.exec(frame)?.[1];
}
