"use client";
import { VisuallyHidden } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./plain-table.module.css";

export interface PlainColumn<T> {
  id: string;
  header: string;
  /** The name is for who cannot see what the cells hold. */
  quiet?: boolean;
  cell: (row: T) => ReactNode;
  align?: "end";
}

/** A short list inside a page, without a page of its own for its rows; cards on a narrow window. */
export function PlainTable<T>(props: {
  caption: string;
  columns: readonly PlainColumn<T>[];
  rows: readonly T[];
  rowKey: (row: T) => string;
}) {
  return (
    <table className={classes.table}>
      <caption className={classes.caption}>{props.caption}</caption>
      <thead>
        <tr>
          {props.columns.map(({ id, header, align, quiet }) => (
            <th key={id} scope="col" data-align={align}>
              {quiet ? <VisuallyHidden>{header}</VisuallyHidden> : header}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {props.rows.map((row) => (
          <tr key={props.rowKey(row)}>
            {props.columns.map(({ id, header, cell, align, quiet }) => (
              <td key={id} data-label={quiet ? undefined : header} data-align={align}>
                {cell(row)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
