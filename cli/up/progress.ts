export interface Progress {
  /** One line with the time since the start. */
  say: (text: string) => void;
  elapsedSeconds: () => number;
}

/** Progress for the person at the terminal, on stdout. A terminal that has gone away is no fault. */
export function createProgress(): Progress {
  process.stdout.on("error", () => undefined);
  process.stderr.on("error", () => undefined);
  // Since the process began: installing and building before this module was loaded count too.
  const elapsedSeconds = () => performance.now() / 1000;
  return {
    elapsedSeconds,
    say: (text) => console.log(`[${elapsedSeconds().toFixed(1).padStart(6)} s] ${text}`),
  };
}
