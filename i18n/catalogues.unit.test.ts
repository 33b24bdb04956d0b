import { describe, expect, test } from "vitest";
import { MESSAGE_STATES } from "../server/domain/message-state.ts";
import { catalogue as en } from "../messages/en/catalogue.ts";
import { catalogue as zh } from "../messages/zh/catalogue.ts";
import { chooseLocale, chooseTimeZone } from "./locales.ts";

type Catalogue = { [key: string]: string | Catalogue };

function texts(catalogue: Catalogue, path = ""): Map<string, string> {
  return new Map(
    Object.entries(catalogue).flatMap(([key, value]) =>
      typeof value === "string" ? [[path + key, value] as const] : [...texts(value, `${path}${key}.`)],
    ),
  );
}

/** Names of values: in lower case, and alone or before their kind. What stands in the braces of a choice is text. */
const argumentsOf = (text: string) => [...new Set(text.match(/\{[a-z]\w*(?=\s*[,}])/g))].toSorted();

describe("catalogues", () => {
  test("hold the same texts in every language", () => {
    expect([...texts(zh).keys()]).toEqual([...texts(en).keys()]);
  });

  test("fill the same values into each", () => {
    for (const [key, text] of texts(en))
      expect(argumentsOf(texts(zh).get(key)!), key).toEqual(argumentsOf(text));
  });

  test("name and explain every state", () => {
    expect(Object.keys(en.states)).toEqual([...MESSAGE_STATES]);
    expect(Object.keys(en.stateMeaning)).toEqual([...MESSAGE_STATES]);
  });
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
