import { Section } from '../gitlab-rb/omnibus-settings';
import { SecretReference } from '../gitlab-rb/secret-references';

/** The steps that every server has, in the order in which they run. */
export type ServerStep = 'metadata' | 'data-disk' | 'gitlab' | 'runners';

/** Environment variables of a step. What is undefined or empty is left out, since Azure does not set empty ones. */
export type StepParameters = { readonly [name: string]: string | undefined };

/** What a feature adds to the machine's set-up. Texts may be tokens. */
export interface SetUpPart {
  readonly gitlabRb?: GitLabRbPart;
  readonly applicationSettings?: ApplicationSettings;
  /** What it adds to the steps that every server has. */
  readonly inSteps?: { readonly [name in ServerStep]?: StepPart };
  /** What all steps are told, those of other features too. */
  readonly everyStep?: StepParameters;
  /** What it adds to machines beside the server's own, and nothing to those that it leaves out. */
  readonly onFurtherMachines?: FurtherMachinePart;
  /** Scripts that follow `lib.sh` and `key-vault.sh` in all steps. */
  readonly everyStepScripts?: readonly string[];
  /** Steps of its own, which run after those. */
  readonly steps?: readonly FeatureStep[];
  /** Steps of its own between GitLab and its runners. */
  readonly stepsBeforeRunners?: readonly FeatureStep[];
  /** Steps of its own that come before GitLab is installed and configured, by the secrets in all of gitlab.rb. */
  readonly stepsBeforeGitlab?: (secrets: readonly SecretReference[]) => readonly FeatureStep[];
}

/** What a feature writes to gitlab.rb. */
export interface GitLabRbPart {
  /** Keys that stand alone, such as `registry_external_url`. */
  readonly singleKeys?: { readonly [key: string]: unknown };
  /** What the user's settings override. */
  readonly defaults?: { readonly [section: string]: Section };
  /** What overrides the user's settings. */
  readonly fixed?: { readonly [section: string]: Section };
  /** Sections of nginx that serve with the server's certificate, beside `nginx` itself. */
  readonly certificateSections?: readonly string[];
  /** Ruby behind all settings, for what only the machine knows. */
  readonly lines?: (sections: RbSections) => readonly string[];
}

/** What lines of Ruby are made from. */
export interface RbSections {
  /** All sections that need the server's certificate. */
  readonly certificateSections: readonly string[];
  /** A line for each key of a section, spelled as the server's version wants it. */
  readonly assignments: (section: string, settings: Section) => string[];
  /** The same, less what the user's own settings say. */
  readonly unlessGiven: (section: string, settings: Section) => string[];
}

/** What a feature adds to the set-up of machines that serve GitLab beside the server's own, without a data disk. */
export interface FurtherMachinePart extends StepPart {
  /** What it writes there in place of what it writes to the server's own gitlab.rb. */
  readonly gitlabRb?: GitLabRbPart;
}

/** GitLab's application settings, by the names of its own model. */
export interface ApplicationSettings {
  /** What the user asked for: set by every run. */
  readonly always: { readonly [name: string]: unknown };
  /** Our defaults: set once, then left to the administrators. */
  readonly once: { readonly [name: string]: unknown };
}

/** What a feature adds to a step that every server has. */
export interface StepPart {
  /**
   * Scripts that come before the step's own, whether the feature is wanted or not: the step also has to undo it. Their last lines say at which moments of
   * the step they do what (`on` in lib.sh).
   */
  readonly scripts?: readonly string[];
  readonly parameters?: StepParameters;
}

/** A step of a feature's own. It gets the common parameters too. */
export interface FeatureStep {
  readonly name: string;
  /** The scripts between those of all steps and the one that has the step's name. */
  readonly scripts: readonly string[];
  readonly parameters: StepParameters;
  /** It comes after the others, but does not run again because they did. */
  readonly standsAlone?: boolean;
  /** The same, and those after it do not run again because it did, or because it is taken out. */
  readonly aside?: boolean;
  /** It runs on every machine. */
  readonly everywhere?: boolean;
}

/** A machine beside the server's own. */
export interface FurtherMachine {
  /** The step behind those that every machine has. `first` are scripts that all steps of the feature's machine have, to tell them of it. */
  readonly step: FeatureStep & { readonly first?: readonly string[] };
  /** What its gitlab.rb has beside what all features write. */
  readonly gitlabRb: GitLabRbPart;
}

export function flag(value: boolean): string | undefined {
  return value ? 'yes' : undefined;
}
