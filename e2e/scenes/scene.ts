import type { Page } from "@playwright/test";
import type pg from "pg";
import type { Role } from "../../server/auth/permissions.ts";
import type { Producer } from "../support/producer.ts";
import type { Stack } from "../support/stack.ts";

export interface SceneTools {
  page: Page;
  stack: Stack;
  producer: Producer;
  /** The store itself, for what no call of the API brings about. */
  database: pg.Client;
}

/** One room in one state: looked at by the accessibility tests in every look, and photographed by `npm run screenshots`. */
export interface Scene {
  /** `<room>-<state>`, unique; the picture's file name. */
  name: string;
  /** Who looks; an admin without it. */
  role?: Role;
  /** Console errors that the state brings with it, such as the refused request of an error state. */
  expectedErrors?: RegExp;
  /** Goes there, brings the state about, and waits until it is ready to be looked at. Called once per look. */
  open(tools: SceneTools): Promise<void>;
  /** Takes back what `open` changed beyond its own page. */
  close?(tools: SceneTools): Promise<void>;
}
