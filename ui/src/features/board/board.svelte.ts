// What of the board is shown: the search, the rows, the tile the keyboard is on.

import type { LineView } from "../../host/contract.generated";
import { app } from "../../model/app.svelte";
import type { BoardGroup, Chip, Place } from "../../model/board-index";
import { lastWidth } from "../../shared/VirtualList.svelte";
import { columnsFor } from "../../shared/virtual";

export type BoardRow =
  | { kind: "head"; key: string; group: BoardGroup }
  | { kind: "tiles"; key: string; places: Place[] };

export interface BoardSizes {
  tile: number;
  gap: number;
  minTile: number;
  head: number;
}

/** The list's name, and what of its width is margin. */
export const BOARD_LIST = "board-scroll";
export const MARGINS = 32;

export const COMPACT: BoardSizes = { tile: 52, gap: 6, minTile: 200, head: 32 };
export const COMFORTABLE: BoardSizes = { tile: 60, gap: 8, minTile: 220, head: 36 };

/** The groups cut into rows of tiles. */
export function rowsOf(groups: readonly BoardGroup[], columns: number): BoardRow[] {
  const rows: BoardRow[] = [];
  for (const group of groups) {
    const name = group.favourites ? "*" : group.name;
    rows.push({ kind: "head", key: `h ${name}`, group });
    for (let i = 0; i < group.places.length; i += columns) {
      rows.push({ kind: "tiles", key: `t ${name} ${i}`, places: group.places.slice(i, i + columns) });
    }
  }
  return rows;
}

export class BoardState {
  query = $state("");
  chip = $state<Chip>("all");
  width = $state((lastWidth(BOARD_LIST) ?? 912) - MARGINS);
  /** The tile that Tab leads to. */
  current = $state<string | null>(null);

  sizes = $derived(app.settings?.comfortable ? COMFORTABLE : COMPACT);
  columns = $derived(columnsFor(this.width, this.sizes.minTile, this.sizes.gap));
  groups = $derived.by(() => {
    void app.linesVersion;
    return app.board.groups(this.query, this.chip);
  });
  rows = $derived(rowsOf(this.groups, this.columns));
  counts = $derived.by(() => {
    void app.linesVersion;
    return { ...app.board.counts };
  });
  shown = $derived(this.groups.reduce((sum, group) => sum + group.places.length, 0));

  /** The first tile, until the keyboard has chosen another that is still shown. */
  get entry(): string | null {
    return this.current ?? this.groups[0]?.places[0]?.line.id ?? null;
  }

  /** Where an arrow leads from a tile: up and down keep the column across groups. */
  neighbour(id: string, key: string, rtl: boolean): { line: LineView; row: number } | null {
    const tiles = this.rows.flatMap((row, index) => (row.kind === "tiles" ? [{ places: row.places, index }] : []));
    const y = tiles.findIndex((row) => row.places.some(({ line }) => line.id === id));
    const row = tiles[y];
    if (!row) return null;
    const x = row.places.findIndex(({ line }) => line.id === id);
    const [toX, toY] = target(key, x, y, row.places.length, tiles, rtl);
    const to = tiles[toY];
    const line = to?.places[Math.min(toX, to.places.length - 1)]?.line;
    return to && line ? { line, row: to.index } : null;
  }
}

function target(
  key: string,
  x: number,
  y: number,
  width: number,
  rows: readonly { places: Place[] }[],
  rtl: boolean,
): [number, number] {
  if (key === "ArrowDown") return [x, y + 1];
  if (key === "ArrowUp") return [x, y - 1];
  if (key === "Home") return [0, 0];
  if (key === "End") return [Number.MAX_SAFE_INTEGER, rows.length - 1];
  const forward = (key === "ArrowRight") !== rtl;
  if (key !== "ArrowRight" && key !== "ArrowLeft") return [-1, -1];
  if (forward) return x + 1 < width ? [x + 1, y] : [0, y + 1];
  return x > 0 ? [x - 1, y] : [Number.MAX_SAFE_INTEGER, y - 1];
}
