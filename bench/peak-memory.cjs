// Loaded into every measured Node process: writes its peak memory (kB) where the measuring process looks for it.
process.on('exit', () => require('fs').writeFileSync(process.env.PEAK_MEMORY_FILE, String(process.resourceUsage().maxRSS)));
