/** How long a release may take to become ready unless told otherwise. */
export const DEFAULT_TIMEOUT_SECONDS = 600;

/** All or nothing: the apply waits until everything of a release is ready, and what fails is rolled back. */
export const ALL_OR_NOTHING = { createNamespace: true, atomic: true, wait: true, waitForJobs: true, cleanupOnFail: true, maxHistory: 10 };
