import pino from "pino";

export type Log = pino.Logger;

/**
 * A JSON-lines logger. Every line carries `process` (what kind of process wrote it) and, where a message is
 * concerned, `messageId`. API keys, passwords and cookies are cut out wherever they appear one level deep.
 */
export function createLog(process: string, level: string, destination?: pino.DestinationStream): Log {
  return pino(
    {
      level,
      base: { process },
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: {
        paths: ["*.authorization", "*.password", "*.cookie", "*.secret", "authorization", "password"],
        censor: "[cut]",
      },
    },
    destination ?? pino.destination({ fd: 1, sync: false }),
  );
}

/** For tests and commands that have nothing to say. */
export const silentLog: Log = pino({ level: "silent" });
