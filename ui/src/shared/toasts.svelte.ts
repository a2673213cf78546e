// Short reports at the foot of the window.

export interface Toast {
  id: number;
  tone: "plain" | "bad";
  text: string;
  detail: string;
}

class Toasts {
  list = $state.raw<Toast[]>([]);
  #next = 1;

  show(text: string, detail = "", tone: Toast["tone"] = "plain"): void {
    const toast = { id: this.#next++, tone, text, detail };
    this.list = [...this.list.slice(-3), toast];
    setTimeout(() => this.drop(toast.id), tone === "bad" ? 9000 : 4000);
  }

  drop(id: number): void {
    this.list = this.list.filter((toast) => toast.id !== id);
  }
}

export const toasts = new Toasts();
