export default {
  "welcome.title": "See who is calling before you answer",
  "welcome.text": "Ringside works next to your phone. It shows callers, dials, and tells who is free.",
  "welcome.connect": "Connect an account",
  "welcome.connect_text": "You have your phone service’s login.",
  "welcome.import": "Import a configuration",
  "welcome.import_text": "Your administrator gave you a .toml file.",
  "welcome.demo": "Try the demo",
  "welcome.demo_opening": "Starting the demo …",
  "welcome.demo_text": "Try a simulated office. Nothing leaves this computer.",
} as const;
