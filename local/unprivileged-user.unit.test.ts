import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { blockedAt, openTemporaryFolder } from "./unprivileged-user.ts";

const stranger = { uid: 64_001, gid: 64_001 };
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "surelay-user-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("the way to a folder", () => {
  test("is blocked by a private folder above it, for strangers and not for its owner", () => {
    const { uid, gid } = statSync(folder);
    expect(blockedAt(join(folder, "data"), stranger)).toBe(folder);
    expect(blockedAt(join(folder, "data", "deeper"), stranger)).toBe(folder);
    expect(blockedAt(join(folder, "data"), { uid, gid })).toBe(null);
  });

  test("is open when others may pass, though not look around", () => {
    chmodSync(folder, 0o711);
    mkdirSync(join(folder, "data"), { mode: 0o700 });
    expect(blockedAt(join(folder, "data"), stranger)).toBe(null);
  });

  test("is opened for a temporary folder of our own only", () => {
    openTemporaryFolder(folder);
    expect(statSync(folder).mode & 0o777).toBe(0o711);
    mkdirSync(join(folder, "inner"), { mode: 0o700 });
    openTemporaryFolder(join(folder, "inner"));
    expect(statSync(join(folder, "inner")).mode & 0o777).toBe(0o700);
  });
});
