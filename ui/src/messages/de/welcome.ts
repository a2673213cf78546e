import type { Message } from "../../shared/i18n";
import type en from "../en/welcome";

export default {
  "welcome.title": "Sehen, wer anruft, bevor Sie abheben",
  "welcome.text": "Ringside sitzt neben Ihrem Telefon: Es zeigt, wer anruft, wählt, was Sie anklicken, und weiß, wer frei ist.",
  "welcome.connect": "Konto verbinden",
  "welcome.connect_text": "Sie haben den Zugang zu einem Telefondienst zur Hand.",
  "welcome.import": "Konfiguration einlesen",
  "welcome.import_text": "Ihre Verwaltung gab Ihnen eine Datei, die auf .toml endet.",
  "welcome.demo": "Umsehen",
  "welcome.demo_opening": "Die Demo-Anlage öffnet …",
  "welcome.demo_text": "Eine Demo-Anlage mit einem Bürotag. Nichts verlässt diesen Rechner.",
} as const satisfies Record<keyof typeof en, Message>;
