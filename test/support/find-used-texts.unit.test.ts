import { expect, test } from "vitest";
import { type UsedTexts, collectTexts } from "./find-used-texts.ts";

function usedBy(source: string): UsedTexts {
  const used: UsedTexts = { keys: new Map(), dynamic: new Set(), strings: new Set(), literals: [] };
  collectTexts(source, "page.tsx", used);
  return used;
}

test("follows translators by scope, through conditions, templates and members", () => {
  const used = usedBy(`
    function A() { const t = useTranslations("a"); return t(x ? "one" : "two") + t.rich("three", {}); }
    async function B() { const t = await getTranslations(); return t(\`b.\${x}.end\`); }
    const C = async () => (await getTranslations("c"))("title");
    function D(t: Translate) { return t("handed"); }
    function E() { const t = useTranslations("e"); return t(name); }
  `);
  expect([...used.keys.keys()].toSorted()).toEqual([
    "*.handed",
    "a.one",
    "a.three",
    "a.two",
    "b.*.end",
    "c.title",
  ]);
  expect([...used.dynamic]).toEqual(["e"]);
});

test("finds words in components, but not in code", () => {
  const used = usedBy(
    `const A = () => <p title="Hello there"><b>Save it</b> · <code>npm start</code>{t("x")}</p>;`,
  );
  expect(used.literals).toEqual(["page.tsx: Hello there", "page.tsx: Save it"]);
});
