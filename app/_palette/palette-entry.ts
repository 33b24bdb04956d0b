import type { ReactNode } from "react";

export interface PaletteEntry {
  id: string;
  label: string;
  /** Other words it is found by. */
  words?: string;
  icon: ReactNode;
  /** Right of the label. */
  aside?: ReactNode;
  run: () => void;
}

export interface PaletteGroup {
  name: "open" | "recent" | "rooms" | "settings";
  entries: PaletteEntry[];
}
