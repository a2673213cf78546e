// Short reports at the foot of the window.

export interface Toast {
  id: number;
  tone: "plain" | "bad";
  text: string;
  detail: string;
  action: ToastAction | null;
}

/** What can be done about it; the report goes then. */
export interface ToastAction {
  label: string;
  run: () => void;
}

/** A report with a button is read, understood and reached for. */
const WITH_ACTION = 10_000;

class Toasts {
  list = $state.raw<Toast[]>([]);
  #next = 1;
  /** The one under the pointer or the keyboard, which stays. */
  #held: number | null = null;

  show(text: string, detail = "", tone: Toast["tone"] = "plain", action: ToastAction | null = null): void {
    const toast = { id: this.#next++, tone, text, detail, action };
    this.list = [...this.list.slice(-3), toast];
    this.#end(toast.id, action ? WITH_ACTION : tone === "bad" ? 9000 : 4000);
  }

  hold(id: number | null): void {
    this.#held = id;
  }

  #end(id: number, ms: number): void {
    setTimeout(() => (this.#held === id ? this.#end(id, 2000) : this.drop(id)), ms);
  }

  drop(id: number): void {
    if (this.#held === id) this.#held = null;
    this.list = this.list.filter((toast) => toast.id !== id);
  }
}

export const toasts = new Toasts();
