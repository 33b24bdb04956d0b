"use client";
import { Button, CloseButton, Combobox, Group, TextInput, useCombobox } from "@mantine/core";
import { IconHistory, IconSearch } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import { type RefObject, type SyntheticEvent, useRef, useState } from "react";
import classes from "./search-box.module.css";
import { SuggestionFace } from "./suggestion-face.tsx";
import { forgetSearches, useRecentSearches } from "./recent-searches.ts";
import { type Names, suggestTerms } from "./suggest-terms.ts";

interface Box {
  draft: string;
  change: (text: string) => void;
  /** Searches for this text. */
  submit: (text: string) => void;
  names: Names;
  input: RefObject<HTMLInputElement | null>;
  /** The id of what says that the query cannot be understood; null: it can. */
  faultId: string | null;
}

const RECENT = "recent:";

/** The one box: completes the term in which the caret stands, offers what was searched lately while it is empty. */
export function SearchBox({ draft, change, submit, names, input, faultId }: Box) {
  const t = useTranslations("search");
  const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption() });
  const [caret, setCaret] = useState(draft.length);
  const recent = useRecentSearches();
  const { from, to, items } = suggestTerms(draft, caret, names);
  const lately = draft.trim() === "" ? recent : [];
  const place = useRef<number | null>(null);

  function type(text: string, at: number) {
    change(text);
    setCaret(at);
    combobox.openDropdown();
    combobox.resetSelectedOption();
  }

  function take(value: string) {
    combobox.closeDropdown();
    if (value.startsWith(RECENT)) return submit(value.slice(RECENT.length));
    const text = draft.slice(0, from) + value + draft.slice(to).replace(/^\s+/, "");
    place.current = from + value.length;
    type(text, from + value.length);
  }

  function follow(event: SyntheticEvent<HTMLInputElement>) {
    const { selectionStart } = event.currentTarget;
    // A value that was set from outside puts the caret at its end; it belongs behind what was taken.
    if (place.current !== null) {
      const at = place.current;
      place.current = null;
      event.currentTarget.setSelectionRange(at, at);
    } else setCaret(selectionStart ?? draft.length);
  }

  const empty = items.length === 0 && lately.length === 0;
  return (
    <search>
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          combobox.closeDropdown();
          submit(draft);
        }}
      >
        <Combobox store={combobox} onOptionSubmit={take} shadow="md" position="bottom-start">
          <Combobox.Target>
            <TextInput
              ref={input}
              data-page-search
              className={classes.input}
              classNames={{ input: classes.text }}
              aria-label={t("box")}
              aria-invalid={faultId !== null}
              aria-describedby={faultId ?? undefined}
              placeholder={t("placeholder")}
              maxLength={1000}
              spellCheck={false}
              autoComplete="off"
              autoCapitalize="off"
              leftSection={<IconSearch size={17} aria-hidden />}
              rightSection={
                draft !== "" && (
                  <CloseButton
                    size="sm"
                    aria-label={t("clear")}
                    onMouseDown={(event) => event.preventDefault()}
                    onClick={() => {
                      type("", 0);
                      input.current?.focus();
                    }}
                  />
                )
              }
              value={draft}
              onChange={(event) => type(event.currentTarget.value, event.currentTarget.selectionStart ?? 0)}
              onSelect={follow}
              onClick={() => combobox.openDropdown()}
              onBlur={() => combobox.closeDropdown()}
            />
          </Combobox.Target>
          <Combobox.Dropdown hidden={empty}>
            <Combobox.Options aria-label={t("suggestions")} mah={360} style={{ overflowY: "auto" }}>
              {items.map((item) => (
                <Combobox.Option key={item.kind + item.insert} value={item.insert}>
                  <SuggestionFace suggestion={item} />
                </Combobox.Option>
              ))}
              {lately.length > 0 && (
                <Combobox.Group label={t("recent")}>
                  {lately.map((one) => (
                    <Combobox.Option key={one} value={RECENT + one}>
                      <Group gap="xs" wrap="nowrap">
                        <IconHistory size={15} aria-hidden />
                        <code className={classes.lately}>{one}</code>
                      </Group>
                    </Combobox.Option>
                  ))}
                </Combobox.Group>
              )}
            </Combobox.Options>
            <Combobox.Footer className={classes.footer}>
              {t("suggestionsHint")}
              {lately.length > 0 && (
                <Button
                  size="compact-xs"
                  variant="subtle"
                  onMouseDown={(event) => event.preventDefault()}
                  onClick={forgetSearches}
                >
                  {t("forget")}
                </Button>
              )}
            </Combobox.Footer>
          </Combobox.Dropdown>
        </Combobox>
        <Button type="submit" className={classes.submit}>
          {t("submit")}
        </Button>
      </form>
    </search>
  );
}
