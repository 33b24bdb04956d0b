/** The page's own search or filter: marked with `data-page-search`, or the first search field of the content. */
const PLACES = ["[data-page-search]", 'input[type="search"]', '[role="searchbox"]'];

/** Puts the cursor into the page's search. @returns false: the page has none */
export function focusPageSearch(): boolean {
  const content = document.getElementById("content");
  for (const place of PLACES) {
    const found = content?.querySelector<HTMLElement>(place);
    if (!found) continue;
    const field = found.matches("input, textarea")
      ? found
      : (found.querySelector<HTMLElement>("input") ?? found);
    field.focus();
    if (field instanceof HTMLInputElement) field.select();
    return true;
  }
  return false;
}
