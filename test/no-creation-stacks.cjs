// cdktf keeps with each reference the stack that made it, and jest translates each of those to the lines of the sources: more than half of the time of
// a test that synthesises. No test looks at them.
require('cdktf/lib/tokens/private/stack-trace').captureStackTrace = () => [];
