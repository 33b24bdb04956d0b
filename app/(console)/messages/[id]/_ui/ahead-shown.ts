/** Beyond this many it is only said that they are more; the service counts no further either. */
export const AHEAD_SHOWN = 1000;
