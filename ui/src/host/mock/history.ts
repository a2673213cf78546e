import type { HistoryPage, HistoryRow, Request } from "../contract.generated";

export function historyPage(rows: readonly HistoryRow[], request: Extract<Request, { type: "history" }>): HistoryPage {
  const { filter } = request;
  const text = filter.text.toLowerCase();
  const found = rows.filter(
    (row) =>
      (!text || haystack(row).includes(text)) &&
      (!filter.account || row.account === filter.account) &&
      (!filter.direction || row.direction === filter.direction) &&
      (filter.outcomes.length === 0 || (row.outcome !== null && filter.outcomes.includes(row.outcome))) &&
      (!filter.callbacks || (row.callback !== null && row.callback.state !== "done")) &&
      (!filter.mine || row.mine) &&
      (filter.since === null || row.started_at >= filter.since) &&
      (filter.until === null || row.started_at < filter.until),
  );
  const start = request.before ? found.findIndex((row) => String(row.id) === request.before) + 1 : 0;
  const page = found.slice(start, start + request.limit);
  const last = page.at(-1);
  const newest = rows[0]?.started_at ?? 0;
  return {
    rows: page,
    gaps: start === 0 && !text && !filter.callbacks && page.length > 8 ? [{ account: "office", from: newest - 9_000_000, until: newest - 6_480_000, recovered: null }] : [],
    next: last && start + request.limit < found.length ? String(last.id) : null,
    open_callbacks: rows.filter((row) => row.callback !== null && row.callback.state !== "done").length,
  };
}

function haystack(row: HistoryRow): string {
  return `${row.remote.name ?? ""} ${row.remote.company ?? ""} ${row.remote.number} ${row.remote.dial ?? ""} ${row.note}`.toLowerCase();
}
