/** What jsii's compiler notes at every exported class, under a symbol that all copies of the library share. */
interface Origin {
  /** `<package>.<class>`. */
  readonly fqn: string;
  /** The package's. */
  readonly version: string;
}

type Class<T> = Function & { readonly prototype: T };

const ORIGIN = Symbol.for('jsii.rtti');
/** Our package and the one that `build/cdktn.mjs` makes of it. */
const PACKAGES = ['cdktf-azure-gitlab', 'cdktn-azure-gitlab'];

/**
 * True for an object of a class or of its subclasses. Where a program has the library twice, or jest loads it anew for each test, the
 * same class is there twice: what counts is its name and the version of the package.
 */
export function isOne<T>(value: unknown, type: Class<T>): value is T {
  const wanted = originOf(type);
  return classesOf(value).some((one) => {
    const origin = originOf(one);
    return one === type || (wanted !== undefined && origin?.fqn === wanted.fqn && origin.version === wanted.version);
  });
}

/** The name that users know a class by: bundlers and minifiers change the one it has. */
export function className(type: Function): string {
  return originOf(type)?.fqn.split('.').pop() ?? type.name;
}

/** An object that another version of the library made, or the library for another framework. */
export interface Stranger {
  readonly className: string;
  /** Name and version of the package. */
  readonly theirs: string;
  readonly ours: string;
}

/**
 * What to tell of an object that is not of this version of the library; undefined for all others.
 * @param type any class of this one.
 */
export function strangerOf(value: unknown, type: Function): Stranger | undefined {
  const ours = originOf(type);
  const made = classesOf(value).find((one) => PACKAGES.includes(packageOf(originOf(one))));
  const theirs = made && originOf(made)!;
  return made && theirs && ours && label(theirs) !== label(ours)
    ? { className: className(made), theirs: label(theirs), ours: label(ours) }
    : undefined;
}

/** The packages of a class and of the one of the same name that an object is of, where they differ. */
export function otherPackage(value: unknown, type: Function): { readonly theirs: string; readonly ours: string } | undefined {
  const base = classesOf(value).find((one) => className(one) === className(type));
  const [theirs, ours] = [base && originOf(base), originOf(type)].map(packageOf);
  return theirs && ours && theirs !== ours ? { theirs, ours } : undefined;
}

function label(origin: Origin): string {
  return `${packageOf(origin)} ${origin.version}`;
}

function packageOf(origin: Origin | undefined): string {
  return origin?.fqn.split('.')[0] ?? '';
}

function originOf(type: Function): Origin | undefined {
  return Object.hasOwn(type, ORIGIN) ? (type as unknown as { [ORIGIN]: Origin })[ORIGIN] : undefined;
}

/** From its own class up to `Object`. */
function classesOf(value: unknown): Function[] {
  const classes: Function[] = [];
  for (let prototype = typeof value === 'object' && value ? Object.getPrototypeOf(value) : null; prototype; prototype = Object.getPrototypeOf(prototype)) {
    classes.push(prototype.constructor);
  }
  return classes.filter((one) => typeof one === 'function');
}
