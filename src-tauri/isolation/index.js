// Stands between a page and the app: what is not one of these messages never leaves the page.
const KNOWN = new Set([
  "rpc",
  "subscribe",
  "export_history",
  "show_saved",
  "copy",
  "rest_hotkeys",
  "plugin:window|start_dragging",
  "plugin:window|set_size",
]);

window.__TAURI_ISOLATION_HOOK__ = (message) => {
  const channel = message.cmd.startsWith("plugin:__TAURI_CHANNEL__|");
  if (!channel && !KNOWN.has(message.cmd)) throw new Error(`not a command: ${message.cmd}`);
  return message;
};
