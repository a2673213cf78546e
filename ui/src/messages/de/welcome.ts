import type { Message } from "../../shared/i18n";
import type en from "../en/welcome";

export default {
  "welcome.title": "Sehen, wer anruft, bevor Sie abheben",
  "welcome.text": "Ringside ergänzt Ihr Telefon: Es zeigt Anrufer, wählt und weiß, wer frei ist.",
  "welcome.connect": "Konto verbinden",
  "welcome.connect_text": "Sie haben die Zugangsdaten Ihres Telefondienstes.",
  "welcome.import": "Konfiguration importieren",
  "welcome.import_text": "Ihre IT hat Ihnen eine .toml-Datei gegeben.",
  "welcome.demo": "Demo ausprobieren",
  "welcome.demo_opening": "Die Demo startet …",
  "welcome.demo_text": "Probieren Sie ein simuliertes Büro. Nichts verlässt diesen Rechner.",
} as const satisfies Record<keyof typeof en, Message>;
