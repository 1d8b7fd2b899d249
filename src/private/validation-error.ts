import { IConstruct } from 'constructs';

/** One mistake in a user's input, told so that it can be mended without reading our code. */
export interface Mistake {
  /** The prop as the user wrote it, with dots and indexes for nested ones (`nodePools[0].vmSize`). */
  readonly prop: string;
  /** What is wrong, lower case, without a final period. */
  readonly problem: string;
  /** The value that was given; left out where nothing was. */
  readonly got?: unknown;
  /** What to do instead, lower case, without a final period. */
  readonly remedy: string;
}

/**
 * The one error this library throws for bad input. An error's class is lost on the way to Python, Java and Go,
 * so the message holds everything: prop, problem, value, remedy and where in the tree.
 */
export class ValidationError extends Error {
  /**
   * @param where the construct the prop was given to, or the name of a factory (`KubernetesVersion.of`) that has no construct.
   */
  constructor(where: IConstruct | string, mistake: Mistake) {
    const path = typeof where === 'string' ? where : where.node.path;
    super(`${mistake.prop}: ${mistake.problem}, got ${show(mistake.got)}; ${mistake.remedy} (at ${path})`);
    this.name = 'ValidationError';
  }
}

function show(value: unknown): string {
  if (value === undefined) {
    return 'nothing';
  }
  if (typeof value === 'number') {
    return String(value);
  }
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    // a big integer, or a value that holds itself.
    return `a ${typeof value}`;
  }
}
