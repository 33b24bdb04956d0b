import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { MESSAGE_STATES } from "../server/domain/message-state.ts";
import { catalogue as en } from "../messages/en/catalogue.ts";
import { catalogue as zh } from "../messages/zh/catalogue.ts";
import { findUsedTexts } from "../test/support/find-used-texts.ts";
import { chooseLocale, chooseTimeZone } from "./locales.ts";

type Catalogue = { [key: string]: string | Catalogue };

function texts(catalogue: Catalogue, path = ""): Map<string, string> {
  return new Map(
    Object.entries(catalogue).flatMap(([key, value]) =>
      typeof value === "string" ? [[path + key, value] as const] : [...texts(value, `${path}${key}.`)],
    ),
  );
}

/** Names of values: within a value's braces stand those of its branches, whose content is text again. */
function argumentsOf(text: string): string[] {
  const names = new Set<string>();
  let depth = 0;
  for (const { 0: brace, index } of text.matchAll(/[{}]/g)) {
    if (brace === "{" && depth % 2 === 0) names.add(/^\s*(\w+)/.exec(text.slice(index + 1))?.[1] ?? "");
    depth += brace === "{" ? 1 : -1;
  }
  return [...names].toSorted();
}

describe("catalogues", () => {
  test("hold the same texts in every language", () => {
    expect([...texts(zh).keys()]).toEqual([...texts(en).keys()]);
  });

  test("fill the same values into each", () => {
    const chinese = texts(zh);
    const differ = [...texts(en)].filter(
      ([key, text]) => argumentsOf(chinese.get(key) ?? "").join() !== argumentsOf(text).join(),
    );
    expect(differ.map(([key]) => key)).toEqual([]);
  });

  test("name and explain every state", () => {
    expect(Object.keys(en.states)).toEqual([...MESSAGE_STATES]);
    expect(Object.keys(en.stateMeaning)).toEqual([...MESSAGE_STATES]);
  });
});

describe("the interface", () => {
  const used = findUsedTexts(join(import.meta.dirname, "../app"));
  const known = [...texts(en).keys()];
  const patterns = [...used.keys.keys()].map((key) => ({ key, pattern: patternOf(key) }));

  test("asks for no text that is missing", () => {
    const missing = patterns.filter(({ pattern }) => !known.some((key) => pattern.test(key)));
    expect(missing.map(({ key }) => `${key} in ${used.keys.get(key)}`)).toEqual([]);
  });

  test("leaves no text unused", () => {
    const isUsed = (key: string) => patterns.some(({ pattern }) => pattern.test(key)) || mayBeMeant(key);
    expect(known.filter((key) => !isUsed(key))).toEqual([]);
  });

  test("has no words of its own", () => {
    expect(used.literals).toEqual([]);
  });

  /** A key that some call names by a variable: it is written somewhere. */
  function mayBeMeant(key: string): boolean {
    return [...used.dynamic].some((namespace) => {
      if (namespace === "*") return used.strings.has(key.slice(key.indexOf(".") + 1));
      return namespace === ""
        ? used.strings.has(key)
        : key.startsWith(`${namespace}.`) && used.strings.has(key.slice(namespace.length + 1));
    });
  }

  function patternOf(key: string): RegExp {
    const parts = key.split("*").map((part) => part.replaceAll(/[.$^+?()[\]{}|\\]/g, "\\$&"));
    return new RegExp(`^${parts.join("[^.]+(?:\\.[^.]+)*")}$`);
  }
});

describe("a page's language and zone", () => {
  test.each([
    ["zh", "en", "zh"],
    ["xx", "zh-CN,zh;q=0.9", "zh"],
    [undefined, "fr;q=1, zh-TW;q=0.4, en;q=0.5", "en"],
    [undefined, "fr, de", "en"],
    [undefined, null, "en"],
    [undefined, "zh;q=0", "en"],
  ])("cookie %s, browser %s: %s", (cookie, header, locale) => {
    expect(chooseLocale(cookie, header)).toBe(locale);
  });

  test("an unknown zone is UTC", () => {
    expect(chooseTimeZone("Asia/Shanghai")).toBe("Asia/Shanghai");
    expect(chooseTimeZone("Mars/Olympus")).toBe("UTC");
    expect(chooseTimeZone(undefined)).toBe("UTC");
  });

  test("a chosen zone stands before the browser's", () => {
    expect(chooseTimeZone("Asia/Shanghai", "UTC")).toBe("UTC");
    expect(chooseTimeZone("Asia/Shanghai", "browser")).toBe("Asia/Shanghai");
    expect(chooseTimeZone("Asia/Shanghai", "Mars/Olympus")).toBe("Asia/Shanghai");
  });
});
